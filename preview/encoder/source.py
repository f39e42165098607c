"""What an encoder is given to show: footage or a test picture, from a moment on."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Footage:
    """A video file that is shown over and over."""

    path: Path
    has_sound: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is shown, and when."""

    footage: Footage | None = None
    """None: a test picture, and a beep at every full second."""
    clock: bool = True
    """Whether the time of each frame is written into it: some builds of ffmpeg cannot write."""
    begins: float
    """The time of the first frame, in epoch seconds."""
    ahead: float = 0
    """How many seconds of it are made at once, so that there is something to play from."""
    origin: float = 0
    """The time at which media time is 0, in epoch seconds."""
    seconds: float | None = None
    """So much of it, as fast as possible; None: in real time until it is stopped."""
    name: str = "source"
    """Begins the names of all segments."""
