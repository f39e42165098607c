"""The renditions of a stream, and smaller ones of the same kind."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

LOWEST_PIXELS = 72
"""The least height of a rendition that still shows something."""
TOP_PIXELS = 128
"""The least height of the largest rendition."""
MOST_FRAMES = 30
"""Frames per second above which every second frame is left out."""


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """The same picture as the others, in one size and quality."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    bitrate: int
    """The most that is spent, in bits per second."""
    profile: str
    """Of H.264, as MediaLive names it."""

    def scaled(self, factor: float) -> Self:
        """The same rendition with its sides `factor` times as long and as many bits a pixel."""
        return replace(
            self,
            width=_even(self.width * factor),
            height=_even(self.height * factor),
            bitrate=round(self.bitrate * factor**2),
        )


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The one audio rendition, AAC in stereo."""

    bitrate: int
    """Bits per second."""
    samples_per_second: int
    language: str | None
    """As the template writes it; None when it leaves that to the encoder."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """All renditions of a stream and how they are cut."""

    renditions: tuple[Rendition, ...]
    """In the template's order."""
    sound: Sound
    frames_per_second: Fraction
    gop_frames: int
    """Frames from one point where a viewer can join to the next."""
    segment_seconds: float
    window_seconds: float
    """How far back the longest manifest reaches: the DVR window."""

    @property
    def window_segments(self) -> int:
        """How many segments the longest manifest lists."""
        return math.ceil(self.window_seconds / self.segment_seconds)

    @property
    def smallest_factor(self) -> float:
        """The factor below which nothing could be seen; 1 when it is so already."""
        heights = [one.height for one in self.renditions]
        return min(1.0, max(LOWEST_PIXELS / min(heights), TOP_PIXELS / max(heights)))

    def scaled(self, factor: float) -> Self:
        """As many renditions and the same seconds, with pictures `factor` times as high and wide.

        Of more than 30 frames a second only every second one is kept.
        """
        halves = 2 if self.frames_per_second > MOST_FRAMES else 1
        return replace(
            self,
            renditions=tuple(one.scaled(factor) for one in self.renditions),
            frames_per_second=self.frames_per_second / halves,
            gop_frames=max(1, round(self.gop_frames / halves)),
        )


def _even(pixels: float) -> int:
    """H.264 with 4:2:0 pictures has only even sizes."""
    return max(2, round(pixels / 2) * 2)
