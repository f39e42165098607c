"""ffmpeg and ffprobe: checks that they are installed, and reads their output."""

import shutil
import subprocess
from pathlib import Path

from preview.encoder.source import Footage
from preview.errors import PreviewError

BINARIES = ("ffmpeg", "ffprobe")
ENCODER = "libx264"
NO_REASONS = ("bench: ", "Conversion failed!")
"""Prefixes of ffmpeg's last lines that do not state a reason."""
LIVE_MICROSECONDS = "2000000"
"""How much of a live stream is read to find its video and audio: more than a GOP."""
LOOK_SECONDS = 20
"""Timeout for what programs print about files and themselves."""


def check_binaries() -> None:
    """Checks that the programs are installed.

    Raises:
        PreviewError: at least one is missing.
    """
    missing = [program for program in BINARIES if shutil.which(program) is None]
    if missing:
        raise PreviewError(
            f"Encoding needs {' and '.join(missing)}, not found in PATH. Install ffmpeg with"
            ' "apt-get install ffmpeg" or "brew install ffmpeg".'
        )


def check_encoder() -> None:
    """Checks that ffmpeg can encode H.264: some distributions build it without that.

    Raises:
        PreviewError: it cannot.
    """
    if ENCODER not in _output("ffmpeg", "-hide_banner", "-encoders"):
        raise PreviewError(
            f"Encoding needs {ENCODER}, which the ffmpeg in PATH was built without. Install another"
            ' build of ffmpeg, on Fedora with "dnf swap ffmpeg-free ffmpeg" from RPM Fusion.'
        )


def footage(path: Path) -> Footage:
    """The video file, probed for audio.

    Raises:
        PreviewError: the file does not exist, or has no video.
    """
    if not path.is_file():
        raise PreviewError(f"{path} does not exist. Pass a video file, or omit --source.")
    kinds = _kinds(path.resolve())
    if "video" not in kinds:
        raise PreviewError(f"{path} has no video. Pass a video file, or omit --source.")
    return Footage(path=path.resolve(), has_sound="audio" in kinds)


def live_footage(url: str) -> Footage | None:
    """The live stream at a URL, probed for audio; None if it cannot be read or has no video."""
    kinds = _kinds(url, "-analyzeduration", LIVE_MICROSECONDS)
    return Footage(path=url, has_sound="audio" in kinds) if "video" in kinds else None


def black(folder: Path) -> Footage:
    """A black picture with silence, as MediaLive shows while a source is lost."""
    path = folder / "black.mp4"
    if not path.exists():
        picture = ("-f", "lavfi", "-i", "color=black:size=320x180:rate=30")
        silence = ("-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=48000")
        _output("ffmpeg", "-v", "error", *picture, *silence, "-t", "4", str(path))
    return footage(path)


def _kinds(path: Path | str, *options: str) -> set[str]:
    command = ("ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0")
    return set(_output(*command, *options, str(path)).split())


def _output(*command: str) -> str:
    """What a program prints; nothing if it takes too long."""
    try:
        found = subprocess.run(  # noqa: S603 - the path is the operator's
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return found.stdout.decode(errors="replace")


def last_line(log: Path) -> str:
    """Why ffmpeg exited, from its output."""
    text = log.read_text("utf-8", errors="replace") if log.is_file() else ""
    lines = [line.strip() for line in text.splitlines()]
    return next(
        (line for line in reversed(lines) if line and not line.startswith(NO_REASONS)),
        "no output",
    )
