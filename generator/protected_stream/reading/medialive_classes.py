"""What MediaLive's prices depend on, read from a channel."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class InputClass(NamedTuple):
    """What the price of an input depends on: the channel's InputSpecification.

    Source: AWS Elemental MediaLive pricing, https://aws.amazon.com/medialive/pricing/
    """

    codec: str
    resolution: str
    megabits: int
    """Per second, at most."""

    @property
    def meaning(self) -> str:
        """The class in words."""
        codec, resolution, megabits = self
        return f"{codec} {resolution} input of up to {megabits} Mbit/s"

    @property
    def key(self) -> str:
        """The last part of its price's key."""
        return f"{self.codec}-{self.resolution}-{self.megabits}".lower()


class OutputClass(NamedTuple):
    """What the price of an output of video depends on.

    Source: AWS Elemental MediaLive API, Reservation (ReservationResolution: SD is less than 720
    lines, UHD more than 1080). 1080 lines have the price of HD in the cost examples of AWS's
    solution.
    """

    codec: str
    resolution: str
    frames: int
    """Per second, at most."""
    megabits: int
    """Per second, at most."""

    @property
    def meaning(self) -> str:
        """The class in words."""
        codec, resolution, frames, megabits = self
        return f"{codec} {resolution} output of up to {frames} fps and {megabits} Mbit/s"

    @property
    def key(self) -> str:
        """The last part of its price's key."""
        return f"{self.codec}-{self.resolution}-{self.frames}-{self.megabits}".lower()


CODECS = {"H264Settings": "AVC", "H265Settings": "HEVC"}
FIRST_HD_LINES, LAST_HD_LINES = 720, 1080
FRAMES, MEGABITS = (30, 60), (10, 20, 50)
"""The largest values of each class, as in ReservationMaximumFramerate and -Bitrate."""
INPUT_MEGABITS = {"MAX_10_MBPS": 10, "MAX_20_MBPS": 20, "MAX_50_MBPS": 50}


def outputs(channel: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every output of every group: each is charged."""
    for group in channel["EncoderSettings"]["OutputGroups"]:
        yield from group["Outputs"]


def is_alone(output: Mapping[str, Any], member: str) -> bool:
    """Whether an output has this and no video.

    Args:
        output: of an output group.
        member: such as AudioDescriptionNames.
    """
    return bool(output.get(member)) and "VideoDescriptionName" not in output


def input_class(channel: Mapping[str, Any]) -> InputClass:
    """That of the channel's input."""
    given = channel["InputSpecification"]
    return InputClass(given["Codec"], given["Resolution"], INPUT_MEGABITS[given["MaximumBitrate"]])


def output_classes(channel: Mapping[str, Any]) -> Iterator[OutputClass]:
    """That of each output of video."""
    descriptions = {one["Name"]: one for one in channel["EncoderSettings"]["VideoDescriptions"]}
    for output in outputs(channel):
        if "VideoDescriptionName" in output:
            yield _class(descriptions[output["VideoDescriptionName"]])


def _class(video: Mapping[str, Any]) -> OutputClass:
    ((name, settings),) = video["CodecSettings"].items()
    lines = video["Height"]
    resolution = "SD" if lines < FIRST_HD_LINES else "HD" if lines <= LAST_HD_LINES else "UHD"
    rate = settings["FramerateNumerator"] / settings["FramerateDenominator"]
    return OutputClass(
        codec=CODECS[name],
        resolution=resolution,
        frames=_smallest(FRAMES, rate),
        megabits=_smallest(MEGABITS, settings["MaxBitrate"] / 1e6),
    )


def _smallest(classes: tuple[int, ...], value: float) -> int:
    """The smallest class for the value."""
    return next(one for one in classes if value <= one)


def bitrates(channel: Mapping[str, Any]) -> list[int]:
    """The maximum of each rendition, in bits per second."""
    return [
        settings["MaxBitrate"]
        for video in channel["EncoderSettings"]["VideoDescriptions"]
        for settings in video["CodecSettings"].values()
    ]
