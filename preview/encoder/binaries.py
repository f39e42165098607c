"""ffmpeg and ffprobe: checks that they are installed, and reads their output."""

import shutil
import subprocess
from pathlib import Path

from preview.encoder.source import Footage
from preview.errors import PreviewError

BINARIES = ("ffmpeg", "ffprobe")
NO_REASONS = ("bench: ", "Conversion failed!")
"""Prefixes of ffmpeg's last lines that do not state a reason."""
LOOK_SECONDS = 20
"""Timeout for ffprobe."""


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


def _kinds(path: Path) -> set[str]:
    command = ("ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0")
    try:
        found = subprocess.run(  # noqa: S603 - the path is the operator's
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return set()
    return set(found.stdout.decode(errors="replace").split())


def last_line(log: Path) -> str:
    """Why ffmpeg exited, from its output."""
    text = log.read_text("utf-8", errors="replace") if log.is_file() else ""
    lines = [line.strip() for line in text.splitlines()]
    return next(
        (line for line in reversed(lines) if line and not line.startswith(NO_REASONS)),
        "no output",
    )
