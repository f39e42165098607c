"""The pitch of the audio in segments."""

import cmath
import subprocess
from array import array
from collections.abc import Iterable, Sequence

SAMPLES_PER_SECOND = 8_000
SILENT = 50
"""Of 32,768: the loudest sample of what counts as silence."""


def pitch_of(segment: bytes, candidates: Iterable[int]) -> int:
    """The loudest of some frequencies in hertz, or 0 if a segment is silent.

    Args:
        segment: an initialization segment with a media segment, or a whole file.
        candidates: the frequencies.
    """
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-map", "0:a:0", "-ac", "1"]
    raw = ["-ar", str(SAMPLES_PER_SECOND), "-t", "2", "-f", "s16le", "pipe:1"]
    found = subprocess.run([*command, *raw], input=segment, capture_output=True, check=True)
    samples = array("h", found.stdout)
    if max(map(abs, samples)) < SILENT:
        return 0
    return max(candidates, key=lambda hertz: _power(samples, hertz))


def _power(samples: Sequence[int], hertz: int) -> float:
    """The magnitude of one frequency: a discrete Fourier transform at that place."""
    step = -2j * cmath.pi * hertz / SAMPLES_PER_SECOND
    return abs(sum(one * cmath.exp(step * index) for index, one in enumerate(samples)))
