"""ABR ladders: the renditions that a MediaLive channel encodes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CodecName = Literal["avc", "hevc"]
ProfileName = Literal["main", "high", "main-10bit"]


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
    codec: CodecName = "avc"
    profile: ProfileName = "main"
    level: str = "auto"
    """The number of the codec's level, such as "4.1"; "auto" if MediaLive chooses it."""


# The rungs of the AWS solution "Live Streaming on AWS"
RUNGS = (
    Rung(width=1920, height=1080, bitrate=4_100_000, quality=8, profile="high"),
    Rung(width=1280, height=720, bitrate=2_700_000, quality=8),
    Rung(width=960, height=540, bitrate=1_800_000, quality=7),
    Rung(width=768, height=432, bitrate=1_200_000, quality=7),
    Rung(width=640, height=360, bitrate=800_000, quality=7),
    Rung(width=512, height=288, bitrate=400_000, quality=6),
)
LOW_RUNGS = (
    Rung(width=384, height=216, bitrate=200_000, quality=6),
    Rung(width=256, height=144, bitrate=100_000, quality=5),
)
# Sizes and bitrates of HLS Authoring Specification for Apple Devices, "Video average bit rates"
# (HEVC), https://developer.apple.com/documentation/http-live-streaming
UHD_RUNGS = (
    Rung(width=3840, height=2160, bitrate=16_800_000, quality=9, codec="hevc"),
    Rung(width=2560, height=1440, bitrate=8_100_000, quality=8, codec="hevc"),
    Rung(width=1920, height=1080, bitrate=5_800_000, quality=8, codec="hevc"),
    Rung(width=1280, height=720, bitrate=3_400_000, quality=7, codec="hevc"),
    Rung(width=960, height=540, bitrate=1_600_000, quality=7, codec="hevc"),
)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The renditions of a stream, and the source that they are encoded from."""

    rungs: tuple[Rung, ...]
    source_bitrate: Literal["MAX_10_MBPS", "MAX_20_MBPS", "MAX_50_MBPS"]
    source_resolution: Literal["HD", "UHD"] = "HD"

    @property
    def codecs(self) -> tuple[CodecName, ...]:
        """The codecs of the renditions."""
        return tuple(dict.fromkeys(rung.codec for rung in self.rungs))


LadderName = Literal["HD-1080p", "HD-720p", "SD-540p", "SD-360p", "UHD-2160p"]
LADDERS: Mapping[LadderName, Ladder] = {
    "HD-1080p": Ladder(rungs=RUNGS, source_bitrate="MAX_20_MBPS"),
    "HD-720p": Ladder(rungs=RUNGS[1:], source_bitrate="MAX_10_MBPS"),
    "SD-540p": Ladder(rungs=RUNGS[2:], source_bitrate="MAX_10_MBPS"),
    "SD-360p": Ladder(rungs=(*RUNGS[4:], *LOW_RUNGS), source_bitrate="MAX_10_MBPS"),
    "UHD-2160p": Ladder(rungs=UHD_RUNGS, source_bitrate="MAX_50_MBPS", source_resolution="UHD"),
}


def own_ladder(rungs: Sequence[Rung]) -> Ladder:
    """The ladder of renditions of one's own.

    Its source is as large as the largest, and at least HD.

    Source: AWS Elemental MediaLive API, InputResolution (HD is 720 to 1080 lines).
    """
    lines = max(min(rung.width, rung.height) for rung in rungs)  # a source is never upright
    if lines > RUNGS[0].height:
        return Ladder(rungs=tuple(rungs), source_bitrate="MAX_50_MBPS", source_resolution="UHD")
    is_full = lines > RUNGS[1].height
    return Ladder(rungs=tuple(rungs), source_bitrate="MAX_20_MBPS" if is_full else "MAX_10_MBPS")


def rung_names(rungs: Sequence[Rung]) -> tuple[str, ...]:
    """The names of the renditions' descriptions and outputs: the size, and more where it is shared.

    Args:
        rungs: no two with the same size, codec and bitrate.
    """
    short = [_short_name(rung) for rung in rungs]
    count = Counter(short)
    return tuple(
        name if count[name] == 1 else f"{name}-{rung.bitrate}"
        for name, rung in zip(short, rungs, strict=True)
    )


def _short_name(rung: Rung) -> str:
    codec = "" if rung.codec == "avc" else f"-{rung.codec}"
    return f"video-{rung.width}x{rung.height}{codec}"
