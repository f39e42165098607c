"""CPU time of commands. Limits are ratios to public commands, because machines differ in speed."""

import resource
import signal
import subprocess
import sys
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
