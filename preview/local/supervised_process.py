"""A program beside the preview that cannot outlive it: ffmpeg, a browser."""

import contextlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

SUPERVISOR = Path(__file__).with_name("supervisor.py")


class SupervisedProcess:
    """A program that runs until it ends, is stopped, or the preview is gone, even by SIGKILL.

    It has a session of its own: Ctrl-C at the terminal reaches the preview and not the program.
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
            command: the program, by its path or as PATH finds it, and its arguments.
            cwd: the folder it runs in; without one, the preview's.
            env: all of its environment; without one, the preview's.
            stdout: where its output goes, as `subprocess.Popen` names it. A file, not a pipe,
                unless somebody reads it all the time.
            stderr: the same for its errors; those of a program that is not there, too.
        """
        self._supervisor = subprocess.Popen(  # noqa: S603 - this Python, and our own script
            # isolated: the neighbours of the script have names of the standard library
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
        """Its exit code, 128 and the signal's number if a signal ended it; None while it runs."""
        return self._supervisor.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        return self._supervisor.wait(timeout)

    def stop(self, grace_seconds: float = 3) -> int:
        """Asks it to end (SIGTERM) and kills it when it has not after so long; its exit code."""
        self._supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(grace_seconds)
        self._supervisor.terminate()
        for pipe in (self._supervisor.stdin, self.stdout, self.stderr):
            if pipe is not None:
                pipe.close()
        return self._supervisor.wait()
