"""MediaLive outputs to MediaPackage: checks for one stream in each, with required settings."""

from collections.abc import Callable, Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.output_groups import (
    kind_of_group,
    output_groups,
    package_destinations,
    videos,
)
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

IN_BAND_CAPTIONS = (
    "BurnInDestinationSettings",
    "EmbeddedDestinationSettings",
    "EmbeddedPlusScte20DestinationSettings",
    "Scte20PlusEmbeddedDestinationSettings",
)
"""Captions that are part of the video stream."""

STATED = {
    "FramerateControl": ("FramerateNumerator", "FramerateDenominator"),
    "ParControl": ("ParNumerator", "ParDenominator"),
}
"""Settings that must be SPECIFIED for MediaPackage, and the numbers that these then need."""


def stream_findings(channel: Property) -> Iterator[Finding]:
    """Everything in the channel's streams that MediaPackage does not accept."""
    for group in output_groups(channel):
        for check in STREAM_CHECKS:
            yield from check(channel, group)


def cmaf_ingest_has_one_stream(channel: Property, group: Property) -> Iterator[Finding]:
    """An output to MediaPackage v2 has one video, one audio, or separate captions.

    Captions in the video stream are allowed with it.
    """
    for output in group.at("Outputs").each() if _sends_cmaf(channel, group) else ():
        count = streams_of(channel, output)
        if count not in (None, 1):
            yield output.finding(
                Rule.NOT_ONE_STREAM,
                "An output to MediaPackage v2 needs exactly one stream: one video, one audio or "
                f"separate captions; this one has {count}.",
            )


def package_video_is_stated(channel: Property, group: Property) -> Iterator[Finding]:
    """Size, pixel aspect ratio and frame rate are set, not taken from the source."""
    is_package = kind_of_group(group) == "MediaPackageGroupSettings"
    for description in videos(channel, group) if is_package else ():
        for size in (description.at("Width"), description.at("Height")):
            if size.is_absent:
                yield size.finding(Rule.SIZE_NOT_STATED, f"MediaPackage needs the {size.name}.")
        settings = description.at("CodecSettings", "H264Settings")
        for name, numbers in STATED.items() if not settings.is_absent else ():
            control = settings.at(name)
            if control.text != "SPECIFIED" and not control.is_unknown:
                yield control.finding(
                    Rule.RATIO_TAKEN_FROM_SOURCE, f"MediaPackage needs {name} to be SPECIFIED."
                )
            for number in (settings.at(number) for number in numbers):
                if number.is_absent:
                    yield number.finding(
                        Rule.RATIO_NOT_STATED, f"{name} SPECIFIED needs {number.name}."
                    )


STREAM_CHECKS: tuple[Callable[[Property, Property], Iterator[Finding]], ...] = (
    cmaf_ingest_has_one_stream,
    package_video_is_stated,
)


def _sends_cmaf(channel: Property, group: Property) -> bool:
    return kind_of_group(group) == "CmafIngestGroupSettings" or any(
        not destination.at("ChannelName").is_absent
        for destination in package_destinations(channel, group)
    )


def streams_of(channel: Property, output: Property) -> int | None:
    """How many streams the output has; None if known only at deployment."""
    video, audio = output.at("VideoDescriptionName"), output.at("AudioDescriptionNames")
    captions = output.at("CaptionDescriptionNames")
    if output.is_unknown or audio.is_unknown or captions.is_unknown:
        return None
    alone = [name for name in captions.each() if not _rides(channel, name)]
    return int(not video.is_absent) + len(list(audio.each())) + len(alone)


def _rides(channel: Property, name: Property) -> bool:
    """Whether the captions are, or may be, part of the video: unknown values are not findings."""
    for description in channel.at("EncoderSettings", "CaptionDescriptions").each():
        if description.at("Name").text == name.text:
            settings = description.at("DestinationSettings")
            return settings.is_unknown or any(
                not settings.at(kind).is_absent for kind in IN_BAND_CAPTIONS
            )
    return name.is_unknown
