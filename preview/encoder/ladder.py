"""ABR ladder: the renditions of a stream, and how to scale them down."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

from preview.encoder.audio_selection import FIRST_AUDIO, Selection
from preview.services.existing_origin import SEGMENT_SECONDS, WINDOW_SECONDS

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
    """As MediaLive names it."""
    codec: str = "h264"
    """A name in `VIDEO_CODECS`."""
    has_captions: bool = False
    """Whether the source's embedded captions are in it."""
    audio_groups: tuple[str, ...] = ()
    """The HLS audio groups that the template names for it; () for all."""

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
    """An audio rendition."""

    bitrate: int
    """Bits per second."""
    samples_per_second: int
    language: str | None
    """As in the template; None if it leaves the language to the encoder."""
    codec: str = "aac"
    """A name in `AUDIO_CODECS`."""
    channels: int = 2
    description: str = "audio"
    """The name of the template's AudioDescription."""
    name: str | None = None
    """What players show; None: the language."""
    selection: Selection = FIRST_AUDIO
    """Which audio of the source it is."""
    prefers_source_language: bool = False
    """Whether `language` is only for a source that does not tell its own."""
    group: str | None = None
    """The HLS audio group; None: that of its codec."""
    is_default: bool = True
    """Whether players begin with it; true of one."""
    is_autoselect: bool = True
    """Whether players may choose it by the viewer's language."""


@dataclass(frozen=True, kw_only=True)
class Captions:
    """The language of a channel of CEA-608 captions."""

    channel: int
    """1 to 4."""
    language: str
    """ISO 639-2."""
    name: str
    """What players show."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """All renditions of a stream, and how they are segmented."""

    renditions: tuple[Rendition, ...]
    """In the template's order."""
    sounds: tuple[Sound, ...]
    """In the template's order."""
    frames_per_second: Fraction
    gop_frames: int
    """Frames per GOP; a viewer can join at the start of each."""
    segment_seconds: float
    window_seconds: float
    """What is kept for manifests: the longest DVR window, or the startover window."""
    captions: tuple[Captions, ...] = ()
    """What manifests say of the embedded captions."""

    def rendition(self, track: str) -> Rendition:
        """The rendition of a video track, by the track's ID."""
        return self.renditions[int(track)]

    def sound(self, track: str) -> Sound:
        """The audio rendition of an audio track, by the track's ID."""
        return self.sounds[int(track) - len(self.renditions)]

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

        Above 30 frames per second, every second frame is dropped, unless that drops captions: each
        frame has a part of their text.
        """
        has_captions = any(one.has_captions for one in self.renditions)
        halves = 2 if self.frames_per_second > MOST_FRAMES and not has_captions else 1
        return replace(
            self,
            renditions=tuple(one.scaled(factor) for one in self.renditions),
            frames_per_second=self.frames_per_second / halves,
            gop_frames=max(1, round(self.gop_frames / halves)),
        )


EXISTING_LADDER = Ladder(
    renditions=(
        Rendition(width=1280, height=720, bitrate=3_000_000, profile="HIGH"),
        Rendition(width=640, height=360, bitrate=800_000, profile="MAIN"),
    ),
    sounds=(Sound(bitrate=96_000, samples_per_second=48_000, language=None),),
    frames_per_second=Fraction(30),
    gop_frames=120,
    segment_seconds=float(SEGMENT_SECONDS),
    window_seconds=float(WINDOW_SECONDS),
)
"""What a host has that is on the air without the stack: no template tells."""


def _even(pixels: float) -> int:
    """Video with 4:2:0 chroma subsampling allows only even sizes."""
    return max(2, round(pixels / 2) * 2)
