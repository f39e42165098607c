"""AWS cost of the stream, estimated from the emitted template.

Every price has a published source. What has none is left out and named, so the totals are lower
bounds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

PRICES_OF = "2026-09-18"
PRICES_IN = "us-east-1"


class InputClass(NamedTuple):
    """What the price of an input depends on: the channel's InputSpecification.

    Source: AWS Elemental MediaLive pricing, https://aws.amazon.com/medialive/pricing/
    """

    codec: str
    resolution: str
    bitrate: str


class OutputClass(NamedTuple):
    """What the price of an output of video depends on.

    Source: AWS Elemental MediaLive API, Reservation (ReservationResolution: SD is less than 720
    lines, UHD more than 1080). 1080 lines have the price of HD in the cost examples below.
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


@dataclass(frozen=True, kw_only=True)
class MediaLivePrices:
    """US dollars per hour, for one channel class."""

    pipelines: int
    """How many the class has; each one delivers to the packager."""
    inputs: Mapping[InputClass, float]
    outputs: Mapping[OutputClass, float]


# Source: AWS Price List API, AWSElementalMediaLive; AWS Solutions, "Live Streaming on AWS with
# Amazon S3", cost examples
# (https://docs.aws.amazon.com/solutions/latest/live-streaming-on-aws-with-amazon-s3/cost.html)
MEDIALIVE = {
    "STANDARD": MediaLivePrices(
        pipelines=2,
        inputs={
            InputClass("AVC", "HD", "MAX_10_MBPS"): 0.234,
            InputClass("AVC", "HD", "MAX_20_MBPS"): 0.294,
        },
        outputs={
            OutputClass("AVC", "SD", 30, 10): 0.354,
            OutputClass("AVC", "HD", 30, 10): 0.702,
        },
    ),
    "SINGLE_PIPELINE": MediaLivePrices(
        pipelines=1,
        inputs={
            InputClass("AVC", "HD", "MAX_10_MBPS"): 0.1404,
            InputClass("AVC", "HD", "MAX_20_MBPS"): 0.1764,
        },
        outputs={
            OutputClass("AVC", "SD", 30, 10): 0.2124,
            OutputClass("AVC", "HD", 30, 10): 0.4212,
        },
    ),
}
CODECS = {"H264Settings": "AVC", "H265Settings": "HEVC"}
FIRST_HD_LINES, LAST_HD_LINES = 720, 1080
FRAMES, MEGABITS = (30, 60), (10, 20, 50)
"""The largest values of each class, as in ReservationMaximumFramerate and -Bitrate."""
INPUT_MEGABITS = {"MAX_10_MBPS": 10, "MAX_20_MBPS": 20, "MAX_50_MBPS": 50}
# Source: AWS Elemental MediaLive User Guide, "Pricing in MediaLive": idle pull inputs are free
FREE_WHILE_IDLE = {"RTMP_PULL", "URL_PULL", "MP4_FILE", "SRT_CALLER"}
PACKAGER_INGEST_GIGABYTE = 0.03  # AWS Price List API, AWSElementalMediaPackage; each pipeline's
DELIVERY_GIGABYTE = 0.085  # Amazon CloudFront pricing, North America and Europe, first 10 TB
# Amazon CloudFront pricing, CloudFront Functions: $0.10 per million invocations
FUNCTION_INVOCATION = 0.10 / 1_000_000
REQUESTS_A_SEGMENT = 4
"""Of a player with video and audio apart: a segment and a playlist of each."""
# AWS Price List API, AWSSecretsManager; AWS KMS pricing, customer managed key; AWS WAF pricing
MONTHLY = {"AWS::SecretsManager::Secret": 0.40, "AWS::KMS::Key": 1.00, "AWS::WAFv2::WebACL": 5.00}
WEB_ACL_RULE_MONTHLY = 1.00  # a group of AWS's counts as one rule


@dataclass(frozen=True, kw_only=True)
class Cost:
    """US dollars, at least."""

    idle_month: float
    """With the channel stopped and nobody watching."""
    on_air_hour: float
    """With the channel running and nobody watching."""
    viewer_hour: float
    """For one viewer of the largest rendition, while it is on air; 0 without a channel."""
    received_gigabyte: float
    """For what viewers receive; `viewer_hour` is a part of it."""
    idle_without: tuple[str, ...]
    """What MediaLive charges for in an idle month at a price that is not known here."""
    on_air_without: tuple[str, ...]
    """The same in an hour on air."""


def cost(document: Mapping[str, Any]) -> Cost:
    """The cost of the stream that the template describes."""
    resources = document["Resources"].values()
    channels = [item["Properties"] for item in resources if item["Type"].endswith("Live::Channel")]
    inputs = [item["Properties"] for item in resources if item["Type"].endswith("Live::Input")]
    largest = max((bitrate for channel in channels for bitrate in _bitrates(channel)), default=0)
    charged = [one for one in inputs if one["Type"] not in FREE_WHILE_IDLE]
    return Cost(
        idle_month=sum(map(_idle_month, resources)),
        on_air_hour=sum(_on_air_hour(channel) for channel in channels),
        viewer_hour=_gigabytes_an_hour(largest) * DELIVERY_GIGABYTE
        + _invocations_an_hour(document) * FUNCTION_INVOCATION,
        received_gigabyte=DELIVERY_GIGABYTE,
        idle_without=(*(["channel"] if channels else []), *(["input"] if charged else [])),
        on_air_without=tuple(what for channel in channels for what in _without_price(channel)),
    )


def _idle_month(resource: Mapping[str, Any]) -> float:
    rules = len(resource.get("Properties", {}).get("Rules", ()))
    is_web_acl = resource["Type"] == "AWS::WAFv2::WebACL"
    fixed = MONTHLY.get(str(resource["Type"]), 0.0)
    return fixed + (rules * WEB_ACL_RULE_MONTHLY if is_web_acl else 0)


def _invocations_an_hour(document: Mapping[str, Any]) -> float:
    """A viewer's runs of CloudFront Functions: one for each request, where media have them."""
    resources = document["Resources"].values()
    has_functions = any(
        behavior.get("FunctionAssociations")
        for item in resources
        if item["Type"] == "AWS::CloudFront::Distribution"
        for behavior in item["Properties"]["DistributionConfig"].get("CacheBehaviors", ())
        if "TrustedKeyGroups" in behavior or "TrustedSigners" in behavior
    )
    seconds = [
        item["Properties"]["Segment"]["SegmentDurationSeconds"]
        for item in resources
        if item["Type"] == "AWS::MediaPackageV2::OriginEndpoint"
    ]
    return 3600 / min(seconds) * REQUESTS_A_SEGMENT if has_functions and seconds else 0


def _on_air_hour(channel: Mapping[str, Any]) -> float:
    """Only what has a known price."""
    prices = MEDIALIVE[channel["ChannelClass"]]
    outputs = sum(prices.outputs.get(one, 0) for one in _video_outputs(channel))
    delivered = _gigabytes_an_hour(sum(_bitrates(channel))) * prices.pipelines
    return prices.inputs.get(_input(channel), 0) + outputs + delivered * PACKAGER_INGEST_GIGABYTE


def _without_price(channel: Mapping[str, Any]) -> Iterator[str]:
    """Everything that MediaLive charges for at a price that is not known here."""
    prices = MEDIALIVE[channel["ChannelClass"]]
    source = _input(channel)
    if source not in prices.inputs:
        most = INPUT_MEGABITS[source.bitrate]
        yield f"the {source.codec} {source.resolution} input of up to {most} Mbit/s"
    for one, count in Counter(_video_outputs(channel)).items():
        if one not in prices.outputs:
            yield _counted(count, one.meaning)
    for kind, member in (
        ("audio", "AudioDescriptionNames"),
        ("caption", "CaptionDescriptionNames"),
    ):
        count = sum(1 for output in _outputs(channel) if _is_alone(output, member))
        if count:
            yield _counted(count, f"{kind} output")


def _counted(count: int, what: str) -> str:
    return f"{count} {what if count == 1 else what.replace('output', 'outputs', 1)}"


def _outputs(channel: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every output of every group: each is charged."""
    for group in channel["EncoderSettings"]["OutputGroups"]:
        yield from group["Outputs"]


def _is_alone(output: Mapping[str, Any], member: str) -> bool:
    return bool(output.get(member)) and "VideoDescriptionName" not in output


def _input(channel: Mapping[str, Any]) -> InputClass:
    given = channel["InputSpecification"]
    return InputClass(given["Codec"], given["Resolution"], given["MaximumBitrate"])


def _video_outputs(channel: Mapping[str, Any]) -> Iterator[OutputClass]:
    descriptions = {one["Name"]: one for one in channel["EncoderSettings"]["VideoDescriptions"]}
    for output in _outputs(channel):
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


def _bitrates(channel: Mapping[str, Any]) -> list[int]:
    """The maximum of each rendition, in bits per second."""
    return [
        settings["MaxBitrate"]
        for video in channel["EncoderSettings"]["VideoDescriptions"]
        for settings in video["CodecSettings"].values()
    ]


def _gigabytes_an_hour(bits_per_second: int) -> float:
    return bits_per_second / 8 * 3600 / 1e9
