"""How fast this machine is just now, in processor time: what a bar in seconds would mean here.

The same code takes twice as long on one machine as on another, and longer while other programs
share its caches. So bars are set in times that importing troposphere takes; on the machine on which
they were found that was `REFERENCE_SECONDS`.
"""

import resource
import subprocess
import sys

REFERENCE_SECONDS = 0.07
RUNS = 10


def seconds_here(reference: float) -> float:
    """What so many seconds of the reference machine's processor are on this one, now."""
    imported = min(processor_seconds("-c", "import troposphere") for _ in range(RUNS))
    return reference * imported / REFERENCE_SECONDS


def processor_seconds(*arguments: str) -> float:
    """What a Python process on this checkout takes of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
