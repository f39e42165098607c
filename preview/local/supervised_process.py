"""Child process that cannot outlive the preview: ffmpeg, a browser."""

import contextlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

SUPERVISOR = Path(__file__).with_name("supervisor.py")


class SupervisedProcess:
    """A program that runs until it exits, is stopped, or the preview ends, even by SIGKILL.

    It has its own session: Ctrl-C in the terminal reaches the preview and not the program.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
    ) -> None:
        """Starts it.

        Args:
            command: the program, as a path or a name in PATH, and its arguments.
            cwd: its working directory; by default, the preview's.
            env: its whole environment; by default, the preview's.
            stdout: its standard output, as for `subprocess.Popen`. Use a file, not a pipe, unless
                the pipe is read continuously.
            stderr: its standard error, which also gets the error if the program does not exist.
        """
        self._supervisor = subprocess.Popen(  # noqa: S603 - this Python, and our own script
            # isolated: other files in the script's folder have names of the standard library
            [sys.executable, "-I", "-S", str(SUPERVISOR), *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        self.stdout, self.stderr = self._supervisor.stdout, self._supervisor.stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def poll(self) -> int | None:
        """Its exit code, 128 plus the signal number if a signal ended it; None while it runs."""
        return self._supervisor.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it ends; returns its exit code.

        Raises:
            subprocess.TimeoutExpired: it is still running after `timeout` seconds.
        """
        return self._supervisor.wait(timeout)

    def stop(self, grace_seconds: float = 3) -> int:
        """Sends SIGTERM, and kills it after the grace period; returns its exit code."""
        self._supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(grace_seconds)
        self._supervisor.terminate()
        for pipe in (self._supervisor.stdin, self.stdout, self.stderr):
            if pipe is not None:
                pipe.close()
        return self._supervisor.wait()
