"""Processor time of commands. Bars are ratios to public commands, as machines differ in speed."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

RUNS = 5
COMMANDS = Path(sys.executable).parent
IMPORT_TROPOSPHERE = (sys.executable, "-c", "import troposphere")


def processor_seconds(*command: str | Path, ready: str = "") -> float:
    """The least user and system time of several runs, in seconds; children count, too.

    Args:
        command: its program and arguments.
        ready: words of a line after which the command is ended, as by Ctrl-C.
    """
    return min(_once(command, ready) for _ in range(RUNS))


def _once(command: tuple[str | Path, ...], ready: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if ready and ready in line:
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
