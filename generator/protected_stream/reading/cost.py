"""AWS cost of the stream, estimated from the emitted template.

Every price has a published source. Charges without one (MediaLive's for an idle channel, an audio
output, more than 30 frames a second) are left out, so the totals are lower bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PRICES_OF = "2026-09-18"
PRICES_IN = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class MediaLivePrices:
    """US dollars per hour, for one channel class."""

    pipelines: int
    """How many the class has; each one delivers to the packager."""
    input: Mapping[str, float]
    """By the largest bitrate of an AVC input in HD."""
    sd_output: float
    """AVC, at most 30 frames and 10 Mb per second."""
    hd_output: float
    """The same, with 720 lines or more."""


# Source: AWS Price List API, AWSElementalMediaLive; AWS Solutions, "Live Streaming on AWS with
# Amazon S3", cost examples
MEDIALIVE = {
    "STANDARD": MediaLivePrices(
        pipelines=2,
        input={"MAX_10_MBPS": 0.234, "MAX_20_MBPS": 0.294},
        sd_output=0.354,
        hd_output=0.702,
    ),
    "SINGLE_PIPELINE": MediaLivePrices(
        pipelines=1,
        input={"MAX_10_MBPS": 0.1404, "MAX_20_MBPS": 0.1764},
        sd_output=0.2124,
        hd_output=0.4212,
    ),
}
FIRST_HD_LINES = 720
PACKAGER_INGEST_GIGABYTE = 0.03  # AWS Price List API, AWSElementalMediaPackage; each pipeline's
DELIVERY_GIGABYTE = 0.085  # Amazon CloudFront pricing, North America and Europe, first 10 TB
# AWS Price List API, AWSSecretsManager; AWS KMS pricing, customer managed key
MONTHLY = {"AWS::SecretsManager::Secret": 0.40, "AWS::KMS::Key": 1.00}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """US dollars, at least."""

    idle_month: float
    """With the channel stopped and nobody watching."""
    on_air_hour: float
    """With the channel running and nobody watching."""
    viewer_hour: float
    """For one viewer of the largest rendition, while it is on air."""


def cost(document: Mapping[str, Any]) -> Cost:
    """The cost of the stream that the template describes."""
    resources = document["Resources"].values()
    channels = [item["Properties"] for item in resources if item["Type"].endswith("Live::Channel")]
    largest = max(bitrate for channel in channels for bitrate in _bitrates(channel))
    return Cost(
        idle_month=sum(MONTHLY.get(item["Type"], 0) for item in resources),
        on_air_hour=sum(_on_air_hour(channel) for channel in channels),
        viewer_hour=_gigabytes_an_hour(largest) * DELIVERY_GIGABYTE,
    )


def _on_air_hour(channel: Mapping[str, Any]) -> float:
    prices = MEDIALIVE[channel["ChannelClass"]]
    outputs = sum(
        prices.hd_output if video["Height"] >= FIRST_HD_LINES else prices.sd_output
        for video in channel["EncoderSettings"]["VideoDescriptions"]
    )
    delivered = _gigabytes_an_hour(sum(_bitrates(channel))) * prices.pipelines
    return (
        prices.input[channel["InputSpecification"]["MaximumBitrate"]]
        + outputs
        + delivered * PACKAGER_INGEST_GIGABYTE
    )


def _bitrates(channel: Mapping[str, Any]) -> list[int]:
    """The maximum of each rendition, in bits per second."""
    return [
        video["CodecSettings"]["H264Settings"]["MaxBitrate"]
        for video in channel["EncoderSettings"]["VideoDescriptions"]
    ]


def _gigabytes_an_hour(bits_per_second: int) -> float:
    return bits_per_second / 8 * 3600 / 1e9
