"""Encoder input: a video file or a test pattern, from a start time."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class AudioStream:
    """An audio stream of a source, as ffprobe describes it."""

    index: int
    """Its number among all streams of the source, from 0."""
    codec: str
    """ffmpeg's name."""
    channels: int = 2
    language: str | None = None
    """Usually ISO 639-2; None if the source does not tell it."""
    pid: int | None = None
    """The packet identifier in an MPEG-2 TS; other containers have numbers of their own."""


@dataclass(frozen=True, kw_only=True)
class Footage:
    """A video file that loops, or a live stream."""

    path: Path | str
    """A live stream is a URL."""
    audios: tuple[AudioStream, ...] = ()
    """In the source's order."""
    has_captions: bool = False
    """Whether its first pictures have embedded captions."""
    frames_per_second: Fraction | None = None
    """None if it is unknown."""

    @property
    def is_live(self) -> bool:
        """Whether it comes in real time."""
        return isinstance(self.path, str)


@dataclass(frozen=True, kw_only=True)
class Source:
    """The encoder's input and its timing."""

    footage: Footage | None = None
    """None: a test pattern, and a beep at every full second."""
    clock: bool = True
    """Whether each frame shows its time; some builds of ffmpeg do not have the drawtext filter."""
    begins: float
    """The time of the first frame, in epoch seconds."""
    ahead: float = 0
    """Seconds that are encoded without delay, so that players have a buffer."""
    origin: float = 0
    """The time at which media time is 0, in epoch seconds."""
    seconds: float | None = None
    """Duration to encode as fast as possible; None: in real time until it is stopped."""
    name: str = "source"
    """Prefix of all segment names."""
