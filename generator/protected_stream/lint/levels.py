"""H.264 and H.265 levels, which bound picture size, frame rate and bitrate.

Imports nothing heavy, as the stream file's options need it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import NamedTuple


class Limits(NamedTuple):
    """What a decoder of a level can at least decode."""

    rate: int
    """Units of area per second."""
    size: int
    """Units of area per picture."""
    bitrate: int
    """In 1,000 bits per second; for H.264 for the profiles Baseline and Main."""
    high_tier: int = 0
    """The same for H.265's High tier; 0 if the level has none."""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The levels of a codec."""

    recommendation: str
    """The ITU-T recommendation and the table that defines them."""
    prefix: str
    """The beginning of MediaLive's names of the levels."""
    side: int
    """Pictures are coded as whole blocks with this many pixels on a side."""
    block: int
    """Units of area in such a block."""
    unit: str
    """What the unit of area is called."""
    limits: Mapping[str, Limits]
    """By the level's number, such as "3.1"."""
    bits: Mapping[str, int]
    """By MediaLive's name of the profile: bits per second in a unit of the bitrate's limit."""

    def of(self, name: str) -> Limits | None:
        """The limits of a level of MediaLive's; None if it has none, as the automatic one."""
        number = name.removeprefix(self.prefix).replace("_", ".")
        return self.limits.get(number) if name.startswith(self.prefix) else None

    def name(self, number: str) -> str:
        """MediaLive's name of the level with this number, such as "3.1"."""
        return self.prefix + number.replace(".", "_")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a video says of itself; None for what is not known."""

    width: float | None
    """Pixels."""
    height: float | None
    """Pixels."""
    rate: Fraction | None
    """Frames per second."""
    profile: str
    """MediaLive's name; empty if it is not known."""
    bitrates: Mapping[str, float | None]
    """Bits per second, by the name of the setting."""
    is_high_tier: bool = False


Excess = tuple[str, float, float]
"""What is too much, how much there is, and how much the level allows."""


def excesses(levels: Levels, limits: Limits, video: Stated) -> Iterator[Excess]:
    """Everything in the video that is more than the level allows.

    Args:
        levels: those of the video's codec.
        limits: those of its level.
        video: what is known of it.
    """
    for what, there, most in _measures(levels, limits, video):
        if there > most:
            yield what, there, most


def _measures(levels: Levels, limits: Limits, video: Stated) -> Iterator[Excess]:
    if video.width and video.height:
        blocks = ceil(video.width / levels.side) * ceil(video.height / levels.side)
        size = blocks * levels.block
        yield f"{levels.unit} in a picture", size, limits.size
        if video.rate:
            yield f"{levels.unit} per second", float(size * video.rate), limits.rate
    bits = levels.bits.get(video.profile)
    most = limits.high_tier if video.is_high_tier else limits.bitrate
    for name, bitrate in video.bitrates.items() if bits else ():
        if bitrate and bits:
            yield f"bits per second as {name}", bitrate, most * bits


H264 = Levels(
    recommendation="H.264, Table A-1",
    prefix="H264_LEVEL_",
    side=16,
    block=1,
    unit="macroblocks",
    limits={
        "1": Limits(1_485, 99, 64),
        "1.1": Limits(3_000, 396, 192),
        "1.2": Limits(6_000, 396, 384),
        "1.3": Limits(11_880, 396, 768),
        "2": Limits(11_880, 396, 2_000),
        "2.1": Limits(19_800, 792, 4_000),
        "2.2": Limits(20_250, 1_620, 4_000),
        "3": Limits(40_500, 1_620, 10_000),
        "3.1": Limits(108_000, 3_600, 14_000),
        "3.2": Limits(216_000, 5_120, 20_000),
        "4": Limits(245_760, 8_192, 20_000),
        "4.1": Limits(245_760, 8_192, 50_000),
        "4.2": Limits(522_240, 8_704, 50_000),
        "5": Limits(589_824, 22_080, 135_000),
        "5.1": Limits(983_040, 36_864, 240_000),
        "5.2": Limits(2_073_600, 36_864, 240_000),
    },
    bits={
        "BASELINE": 1_000,
        "MAIN": 1_000,
        "HIGH": 1_250,
        "HIGH_10BIT": 3_000,
        "HIGH_422": 4_000,
        "HIGH_422_10BIT": 4_000,
    },
)
"""Source: Recommendation ITU-T H.264, Table A-1 (MaxMBPS, MaxFS, MaxBR) and Table A-2
(cpbBrVclFactor; MediaLive's HIGH_422 is High 4:2:2). https://www.itu.int/rec/T-REC-H.264
"""

H265 = Levels(
    recommendation="H.265, Tables A.8 and A.9",
    prefix="H265_LEVEL_",
    side=8,
    block=64,
    unit="luma samples",
    limits={
        "1": Limits(552_960, 36_864, 128),
        "2": Limits(3_686_400, 122_880, 1_500),
        "2.1": Limits(7_372_800, 245_760, 3_000),
        "3": Limits(16_588_800, 552_960, 6_000),
        "3.1": Limits(33_177_600, 983_040, 10_000),
        "4": Limits(66_846_720, 2_228_224, 12_000, 30_000),
        "4.1": Limits(133_693_440, 2_228_224, 20_000, 50_000),
        "5": Limits(267_386_880, 8_912_896, 25_000, 100_000),
        "5.1": Limits(534_773_760, 8_912_896, 40_000, 160_000),
        "5.2": Limits(1_069_547_520, 8_912_896, 60_000, 240_000),
        "6": Limits(1_069_547_520, 35_651_584, 60_000, 240_000),
        "6.1": Limits(2_139_095_040, 35_651_584, 120_000, 480_000),
        "6.2": Limits(4_278_190_080, 35_651_584, 240_000, 800_000),
    },
    bits={"MAIN": 1_000, "MAIN_10BIT": 1_000},
)
"""Source: Recommendation ITU-T H.265, Table A.8 (MaxLumaPs), Table A.9 (MaxLumaSr, MaxBR of both
tiers) and Table A.10 (CpbVclFactor); 7.4.3.2 for sizes in whole coding blocks of 8 pixels, the
smallest that there are. https://www.itu.int/rec/T-REC-H.265
"""
