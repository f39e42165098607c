"""Encoding benchmark: the video size that this machine encodes in real time while a browser plays.

It measures processor time, not elapsed time: other load on the machine affects it less.
"""

import math
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preview.encoder.binaries import last_line
from preview.encoder.ffmpeg import command
from preview.encoder.ladder import Ladder
from preview.encoder.source import Footage, Source
from preview.errors import PreviewError
from preview.local.supervised_process import SupervisedProcess

BUDGET = 1 / 3
"""Share of one core: seconds of processor time per second of video."""
SAMPLE_SECONDS = 2.0
"""Duration of a sample."""
LONGEST = 10.0
"""Timeout for encoding a sample, in seconds."""
SMALL, LARGE = 0.25, 0.5
"""The sample sizes, as fractions of the template's."""


@dataclass(frozen=True, kw_only=True)
class BenchmarkResult:
    """What this machine can encode in real time."""

    factor: float
    """The frame size, as a fraction of the template's."""
    clock: bool
    """Whether this machine's ffmpeg has the drawtext filter."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Encoding cost of a frame size."""

    factor: float
    seconds: float
    """Processor time per second of video; infinite after a timeout."""


class NoPictures(PreviewError):
    """This machine's ffmpeg cannot encode video."""


def benchmark(ladder: Ladder, footage: Footage | None, folder: Path) -> BenchmarkResult:
    """Encodes samples, in a temporary folder inside `folder`; takes about a second.

    Raises:
        NoPictures: ffmpeg cannot encode video.
    """
    try:
        return _measured(ladder, footage, folder, clock=True)
    except NoPictures:
        return _measured(ladder, footage, folder, clock=False)


def _measured(
    ladder: Ladder, footage: Footage | None, folder: Path, *, clock: bool
) -> BenchmarkResult:
    smallest = ladder.smallest_factor
    source = Source(footage=footage, clock=clock, begins=time.time(), seconds=SAMPLE_SECONDS)
    costs = [_cost(ladder, max(SMALL, smallest), source, folder)]
    if costs[0].seconds < BUDGET and smallest < LARGE:
        costs.append(_cost(ladder, LARGE, source, folder))
    factor = min(1.0, max(smallest, affordable(costs, BUDGET)))
    return BenchmarkResult(factor=factor, clock=clock)


def affordable(costs: Sequence[Cost], budget: float) -> float:
    """The factor at which encoding costs the budget, if the cost grows with the frame's area.

    With two costs, part of the cost is fixed.
    """
    first, last = costs[0], costs[-1]
    fixed, each = 0.0, first.seconds / first.factor**2
    if last.factor != first.factor:
        each = (last.seconds - first.seconds) / (last.factor**2 - first.factor**2)
        fixed = first.seconds - each * first.factor**2
    return math.sqrt(max(0.0, budget - fixed) / each) if each > 0 else math.inf


def _cost(ladder: Ladder, factor: float, source: Source, folder: Path) -> Cost:
    with tempfile.TemporaryDirectory(prefix="sample-", dir=folder) as sample:
        log = Path(sample, "log")
        with (
            log.open("wb") as errors,
            SupervisedProcess(
                command(ladder.scaled(factor), source), cwd=Path(sample), stderr=errors
            ) as process,
        ):
            try:
                code = process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                return Cost(factor=factor, seconds=math.inf)
        used = re.search(r"utime=([\d.]+)s stime=([\d.]+)s", log.read_text(errors="replace"))
        if code != 0 or used is None:
            raise NoPictures(f"ffmpeg cannot encode video on this machine: {last_line(log)}")
    return Cost(factor=factor, seconds=sum(map(float, used.groups())) / SAMPLE_SECONDS)
