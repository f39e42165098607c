"""The two programs that the pictures need, and what they say."""

import shutil
import subprocess
from pathlib import Path

from preview.encoder.source import Footage
from preview.errors import PreviewError

BINARIES = ("ffmpeg", "ffprobe")
NO_REASONS = ("bench: ", "Conversion failed!")
"""How lines begin that ffmpeg writes at its end and that say nothing."""
LOOK_SECONDS = 20
"""How long ffprobe may take."""


def check_binaries() -> None:
    """Does nothing when the programs are there.

    Raises:
        PreviewError: one of them is not.
    """
    missing = [program for program in BINARIES if shutil.which(program) is None]
    if missing:
        raise PreviewError(
            f"The pictures need {' and '.join(missing)}, not found in PATH. Install it with"
            ' "apt-get install ffmpeg" or "brew install ffmpeg".'
        )


def footage(path: Path) -> Footage:
    """The video file, looked into.

    Raises:
        PreviewError: there is no picture in it, or no such file.
    """
    if not path.is_file():
        raise PreviewError(f"{path}: there is no such file. Name a video file, or none.")
    kinds = _kinds(path.resolve())
    if "video" not in kinds:
        raise PreviewError(f"{path}: ffprobe finds no video in it. Name a video file, or none.")
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
    """Why ffmpeg has ended, from what it wrote."""
    text = log.read_text("utf-8", errors="replace") if log.is_file() else ""
    lines = [line.strip() for line in text.splitlines()]
    return next(
        (line for line in reversed(lines) if line and not line.startswith(NO_REASONS)),
        "it said nothing",
    )
