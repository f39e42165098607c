"""ABR ladders: the renditions that a MediaLive channel encodes."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rendition of the ladder."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    bitrate: int
    """QVBR's maximum, in bits per second."""
    quality: int
    """QVBR quality level, from 1 to 10."""
    profile: Literal["MAIN", "HIGH"] = "MAIN"

    @property
    def name(self) -> str:
        """The name of the rendition's description and output."""
        return f"video-{self.width}x{self.height}"


# The rungs of the AWS solution "Live Streaming on AWS"
RUNGS = (
    Rung(width=1920, height=1080, bitrate=4_100_000, quality=8, profile="HIGH"),
    Rung(width=1280, height=720, bitrate=2_700_000, quality=8),
    Rung(width=960, height=540, bitrate=1_800_000, quality=7),
    Rung(width=768, height=432, bitrate=1_200_000, quality=7),
    Rung(width=640, height=360, bitrate=800_000, quality=7),
    Rung(width=512, height=288, bitrate=400_000, quality=6),
)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The renditions of a stream, and the source that they are encoded from."""

    rungs: tuple[Rung, ...]
    source_bitrate: Literal["MAX_10_MBPS", "MAX_20_MBPS"]


LADDERS = {
    "HD-1080p": Ladder(rungs=RUNGS, source_bitrate="MAX_20_MBPS"),
    "HD-720p": Ladder(rungs=RUNGS[1:], source_bitrate="MAX_10_MBPS"),
    "SD-540p": Ladder(rungs=RUNGS[2:], source_bitrate="MAX_10_MBPS"),
}
