"""MPEG-2 TS segments, made from the encoder's CMAF segments without encoding them again."""

import subprocess

from preview.encoder.encoder import Encoder

SUFFIX, CMAF_SUFFIX = ".ts", ".m4s"
LONGEST_SECONDS = 10
"""Timeout for one segment."""
# ISO/IEC 13818-1 has 33 bits of a 90 kHz clock for times, which media time exceeds: they wrap.
COMMAND = (
    *("ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "mp4", "-i", "pipe:0"),
    *("-c", "copy", "-copyts", "-muxdelay", "0", "-muxpreload", "0", "-f", "mpegts", "pipe:1"),
)


def ts_name(cmaf_name: str) -> str:
    """The name of the segment with the same media."""
    return f"{cmaf_name.removesuffix(CMAF_SUFFIX)}{SUFFIX}"


def transport_stream(encoder: Encoder, name: str) -> bytes | None:
    """The segment with that name; None if there is none."""
    stem = name.removesuffix(SUFFIX)
    media = encoder.file(f"{stem}{CMAF_SUFFIX}") if name.endswith(SUFFIX) else None
    start = encoder.file(f"{stem.rpartition('_')[0]}_init.mp4")
    if media is None or start is None:
        return None
    finished = subprocess.run(  # noqa: S603 - no part of the command comes from viewers
        COMMAND, input=start + media, capture_output=True, timeout=LONGEST_SECONDS, check=False
    )
    return finished.stdout or None
