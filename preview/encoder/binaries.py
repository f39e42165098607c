"""ffmpeg and ffprobe: checks that they are installed, and reads their output."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from preview.encoder.codecs import VIDEO_CODECS
from preview.encoder.ladder import Ladder
from preview.encoder.source import AudioStream, Footage
from preview.errors import PreviewError

BINARIES = ("ffmpeg", "ffprobe")
ENCODER = "libx264"
NO_REASONS = ("bench: ", "Conversion failed!")
"""Prefixes of ffmpeg's last lines that do not state a reason."""
LIVE_MICROSECONDS = "2000000"
"""How much of a live stream is read to find its video and audio: more than a GOP."""
PROBE = (
    *("ffprobe", "-v", "error", "-show_streams", "-show_entries"),
    *("frame=media_type", "-read_intervals", "%+#100", "-of", "json"),
)
"""Decodes some packets, as ffprobe finds captions only in decoded frames."""
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


def check_encoders(ladder: Ladder) -> None:
    """Checks that ffmpeg has the encoders of all renditions: HEVC's is often left out.

    Raises:
        PreviewError: one is missing.
    """
    there = _output("ffmpeg", "-hide_banner", "-encoders")
    for codec in {one.codec: VIDEO_CODECS[one.codec] for one in ladder.renditions}.values():
        if codec.encoder not in there:
            raise PreviewError(
                f"The template's {codec.settings} need {codec.encoder}, which the ffmpeg in PATH"
                " was built without. Install another build of ffmpeg, or pass --no-encoder to run"
                " the preview without media."
            )


def footage(path: Path) -> Footage:
    """The video file, probed for audio.

    Raises:
        PreviewError: the file does not exist, or has no video.
    """
    if not path.is_file():
        raise PreviewError(f"{path} does not exist. Pass a video file, or omit --source.")
    found = _probed(path.resolve())
    if found is None:
        raise PreviewError(f"{path} has no video. Pass a video file, or omit --source.")
    return found


def live_footage(url: str) -> Footage | None:
    """The live stream at a URL, probed for audio; None if it cannot be read or has no video."""
    return _probed(url, "-analyzeduration", LIVE_MICROSECONDS)


def black(folder: Path) -> Footage:
    """A black picture with silence, as MediaLive shows while a source is lost."""
    path = folder / "black.mp4"
    if not path.exists():
        picture = ("-f", "lavfi", "-i", "color=black:size=320x180:rate=30")
        silence = ("-f", "lavfi", "-i", "anullsrc=channel_layout=stereo:sample_rate=48000")
        _output("ffmpeg", "-v", "error", *picture, *silence, "-t", "4", str(path))
    return footage(path)


def _probed(path: Path | str, *options: str) -> Footage | None:
    """What ffprobe finds; None without video."""
    streams = json.loads(_output(*PROBE, *options, str(path)) or "{}").get("streams", [])
    videos = [one for one in streams if one.get("codec_type") == "video"]
    if not videos:
        return None
    return Footage(
        path=path,
        audios=_audio_streams(streams),
        has_captions=bool(videos[0].get("closed_captions")),
        frames_per_second=_rate(videos[0].get("r_frame_rate", "")),
    )


def _audio_streams(streams: Sequence[Mapping[str, Any]]) -> tuple[AudioStream, ...]:
    return tuple(
        AudioStream(
            index=one["index"],
            codec=one.get("codec_name", "unknown"),
            channels=one.get("channels", 2),
            language=_language(one.get("tags", {}).get("language")),
            pid=int(one["id"], 16) if "id" in one else None,
        )
        for one in streams
        if one.get("codec_type") == "audio"
    )


def _language(stated: str | None) -> str | None:
    """None for "undetermined", too (ISO 639-2)."""
    return None if stated in (None, "", "und") else stated


def _rate(text: str) -> Fraction | None:
    """A frame rate as ffprobe writes it, such as 30000/1001; 0/0 if it is unknown."""
    try:
        return Fraction(text) or None
    except (ValueError, ZeroDivisionError):
        return None


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
