"""Generating is quick enough to be done at every save."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.conftest import CHECKOUT

ALLOWED_SECONDS = 0.3
RUNS = 10


def test_generating_takes_little_longer_than_importing_troposphere(tmp_path: Path) -> None:
    """In processor time, which other work on the machine does not lengthen much."""
    generate = ["-m", "generator", str(CHECKOUT / "stream.toml"), "--out", str(tmp_path)]
    run(*generate, "--no-lint")  # makes the zip files, which are there for the next runs
    imported = [processor_seconds("-c", "import troposphere") for _ in range(RUNS)]
    generated = [processor_seconds(*generate, "--no-lint") for _ in range(RUNS)]
    assert median(generated) - median(imported) <= ALLOWED_SECONDS


def processor_seconds(*arguments: str) -> float:
    """What a Python process takes of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(*arguments: str) -> None:
    """Runs Python on this checkout."""
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
    )
