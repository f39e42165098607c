"""ABR ladder: the renditions of a stream, and how to scale them down."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

LOWEST_PIXELS = 72
"""Minimum height of a rendition that is still recognizable."""
TOP_PIXELS = 128
"""Minimum height of the largest rendition."""
MOST_FRAMES = 30
"""Frames per second above which every second frame is dropped."""


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """The same video as the others, in one resolution and bitrate."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    bitrate: int
    """Maximum bits per second."""
    profile: str
    """H.264 profile, as MediaLive names it."""

    def scaled(self, factor: float) -> Self:
        """The same rendition at `factor` times its width and height, with equal bits per pixel."""
        return replace(
            self,
            width=_even(self.width * factor),
            height=_even(self.height * factor),
            bitrate=round(self.bitrate * factor**2),
        )


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The audio rendition: AAC, stereo."""

    bitrate: int
    """Bits per second."""
    samples_per_second: int
    language: str | None
    """As in the template; None if it leaves the language to the encoder."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """All renditions of a stream, and how they are segmented."""

    renditions: tuple[Rendition, ...]
    """In the template's order."""
    sound: Sound
    frames_per_second: Fraction
    gop_frames: int
    """Frames per GOP; a viewer can join at the start of each."""
    segment_seconds: float
    window_seconds: float
    """What is kept for manifests: the longest DVR window, or the startover window."""

    @property
    def window_segments(self) -> int:
        """The number of segments that are kept for manifests."""
        return math.ceil(self.window_seconds / self.segment_seconds)

    @property
    def smallest_factor(self) -> float:
        """The minimum factor for recognizable video; 1 if the ladder is already that small."""
        heights = [one.height for one in self.renditions]
        return min(1.0, max(LOWEST_PIXELS / min(heights), TOP_PIXELS / max(heights)))

    def scaled(self, factor: float) -> Self:
        """The same renditions and durations at `factor` times the width and height.

        Above 30 frames per second, every second frame is dropped.
        """
        halves = 2 if self.frames_per_second > MOST_FRAMES else 1
        return replace(
            self,
            renditions=tuple(one.scaled(factor) for one in self.renditions),
            frames_per_second=self.frames_per_second / halves,
            gop_frames=max(1, round(self.gop_frames / halves)),
        )


def _even(pixels: float) -> int:
    """H.264 with 4:2:0 chroma subsampling allows only even sizes."""
    return max(2, round(pixels / 2) * 2)
