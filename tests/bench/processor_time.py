"""CPU time of commands. Limits are ratios to public commands, because machines differ in speed."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

RUNS = 5
COMMANDS = Path(sys.executable).parent
IMPORT_TROPOSPHERE = (sys.executable, "-c", "import troposphere")


def processor_seconds(*command: str | Path, ready: str = "") -> float:
    """The minimum user and system time of several runs, in seconds, including children.

    Args:
        command: its program and arguments.
        ready: text of a line after which the command is stopped, as with Ctrl-C.
    """
    return min(_once(command, ready) for _ in range(RUNS))


def alternating(*commands: Sequence[str | Path]) -> list[float]:
    """The same for each of several commands, run in turn, as a machine's speed may change."""
    rounds = [[_once(tuple(command), "") for command in commands] for _ in range(RUNS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _once(command: tuple[str | Path, ...], ready: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # installed packages come with bytecode; the checkout's is written by the first run
    env = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if ready and ready in line:
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
