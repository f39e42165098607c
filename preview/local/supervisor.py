"""Supervisor process between the preview and a program, so that it cannot outlive the preview.

It is started as a script, with the program's command line as its arguments. Its standard input is a
pipe that the preview keeps open and never writes to: when the pipe closes, no matter how the
preview ended, the program and all processes in its group are killed. SIGTERM or SIGINT asks the
program to exit; a second one kills it. Its exit code is the program's, as in a shell.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

PR_SET_PDEATHSIG = 1
"""https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html ."""
NO_SUCH_PROGRAM = 127
"""A shell's exit code for a program that cannot be started."""
ENDED_BY_SIGNAL = 128
"""A shell's exit code for a program that a signal has ended, minus the signal number."""


class Supervisor:
    """Runs and ends one program."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None
        self._asked = 0
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_end)

    def run(self, command: Sequence[str]) -> int:
        """Runs the program until it exits or is stopped; returns its exit code."""
        try:
            self._program = subprocess.Popen(  # noqa: S603 - the preview names the programs
                command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_the_supervisor,  # noqa: PLW1509 - there are no other threads yet
            )
        except OSError as error:
            sys.stderr.write(f"{command[0]}: {error.strerror}\n")
            return NO_SUCH_PROGRAM
        if self._asked:  # while it was being started
            self._signal_all(signal.SIGTERM)
        threading.Thread(target=self._kill_when_alone, daemon=True).start()
        code = self._program.wait()
        self._signal_all(signal.SIGKILL)  # any remaining child processes
        return code if code >= 0 else ENDED_BY_SIGNAL - code

    def _ask_to_end(self, _: int, __: FrameType | None) -> None:
        self._asked += 1
        self._signal_all(signal.SIGTERM if self._asked == 1 else signal.SIGKILL)

    def _kill_when_alone(self) -> None:
        while os.read(0, 1024):  # unbuffered: a lock held at the end would be a fatal error
            pass
        self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        """Signals the program's group; macOS returns EPERM if the whole group has ended."""
        if self._program is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._program.pid, number)


def _end_with_the_supervisor() -> None:
    """On Linux, the program ends even if the supervisor itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(Supervisor().run(sys.argv[1:]))
