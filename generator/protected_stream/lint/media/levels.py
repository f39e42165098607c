"""MediaLive channel: H.264 levels, which bound picture size, frame rate and bitrate."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import NamedTuple

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.timing import frame_rate
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

MACROBLOCK = 16
"""Pixels on a side: pictures are divided into these squares."""


class Limits(NamedTuple):
    """What a decoder of a level can at least decode."""

    rate: int
    """MaxMBPS, macroblocks per second."""
    size: int
    """MaxFS, macroblocks per picture."""
    bitrate: int
    """MaxBR, in 1,000 bits per second for Baseline and Main."""


LEVELS: Mapping[str, Limits] = {
    "H264_LEVEL_1": Limits(1_485, 99, 64),
    "H264_LEVEL_1_1": Limits(3_000, 396, 192),
    "H264_LEVEL_1_2": Limits(6_000, 396, 384),
    "H264_LEVEL_1_3": Limits(11_880, 396, 768),
    "H264_LEVEL_2": Limits(11_880, 396, 2_000),
    "H264_LEVEL_2_1": Limits(19_800, 792, 4_000),
    "H264_LEVEL_2_2": Limits(20_250, 1_620, 4_000),
    "H264_LEVEL_3": Limits(40_500, 1_620, 10_000),
    "H264_LEVEL_3_1": Limits(108_000, 3_600, 14_000),
    "H264_LEVEL_3_2": Limits(216_000, 5_120, 20_000),
    "H264_LEVEL_4": Limits(245_760, 8_192, 20_000),
    "H264_LEVEL_4_1": Limits(245_760, 8_192, 50_000),
    "H264_LEVEL_4_2": Limits(522_240, 8_704, 50_000),
    "H264_LEVEL_5": Limits(589_824, 22_080, 135_000),
    "H264_LEVEL_5_1": Limits(983_040, 36_864, 240_000),
    "H264_LEVEL_5_2": Limits(2_073_600, 36_864, 240_000),
}
"""By MediaLive's name of the level; H264_LEVEL_AUTO has no limits.

Source: Recommendation ITU-T H.264, Table A-1.
"""

BITS: Mapping[str, int] = {
    "BASELINE": 1_000,
    "MAIN": 1_000,
    "HIGH": 1_250,
    "HIGH_10BIT": 3_000,
    "HIGH_422": 4_000,
    "HIGH_422_10BIT": 4_000,
}
"""By profile: the bits per second in a unit of MaxBR.

Source: Recommendation ITU-T H.264, Table A-2, cpbBrVclFactor. MediaLive's HIGH_422 is High 4:2:2.
"""

Excess = tuple[str, float, float]
"""What is too much, how much there is, and how much the level allows."""


def level_findings(channel: Property) -> Iterator[Finding]:
    """Literal levels whose decoders need not be able to decode the video."""
    for description in channel.at("EncoderSettings", "VideoDescriptions").each():
        settings = description.at("CodecSettings", "H264Settings")
        level = settings.at("Level")
        limits = LEVELS.get(level.text or "")
        for what, there, most in _measures(description, settings, limits) if limits else ():
            if there > most:
                yield level.finding(
                    Rule.LEVEL_TOO_LOW,
                    f"The level allows {most:g} {what}; this video has {there:g}.",
                )


def _measures(description: Property, settings: Property, limits: Limits) -> Iterator[Excess]:
    """What the level limits, as far as it is literal."""
    width, height = description.at("Width").number, description.at("Height").number
    rate = frame_rate(settings)
    if width and height:
        blocks = ceil(width / MACROBLOCK) * ceil(height / MACROBLOCK)
        yield "macroblocks in a picture", blocks, limits.size
        if rate:
            yield "macroblocks per second", float(blocks * rate), limits.rate
    bits = BITS.get(settings.at("Profile").text or "")
    for name in ("Bitrate", "MaxBitrate") if bits else ():
        bitrate = settings.at(name).number
        if bitrate and bits:
            yield f"bits per second as {name}", bitrate, limits.bitrate * bits
