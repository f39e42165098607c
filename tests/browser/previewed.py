"""The preview as an operator runs it: a process with console output and typed commands."""

import contextlib
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.conftest import CHECKOUT

SECONDS_TO_BE_READY = 60
SECONDS_FOR_A_COMMAND = 30
EMAIL = "viewer@example.com"
STAMP = re.compile(r"^\d\d:\d\d:\d\d ")
"""When an event happened."""


class Previewed:
    """A preview that runs until it is closed."""

    def __init__(self, command: Sequence[str], folder: Path = CHECKOUT) -> None:
        """Starts the command in a folder; the preview is not ready yet."""
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._is_on_air = True
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self.lines.append(STAMP.sub("", line.strip()))
                self._news.notify_all()

    def said(self, pattern: str, *, after: int = 0, seconds: float = SECONDS_FOR_A_COMMAND) -> str:
        """Waits for a line that contains the pattern; `after` skips that many lines."""
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for line in self.lines[after:]:
                    if re.search(pattern, line):
                        return line
                left = end - time.monotonic()
                if left <= 0 or (self._process.poll() is not None and not self._news.wait(1)):
                    raise AssertionError(f"not said: {pattern}\n" + "\n".join(self.lines[-40:]))
                self._news.wait(min(left, 1))

    def ready(self) -> float:
        """Waits until it is ready; returns the seconds that it reports."""
        line = self.said(r"^Ready in", seconds=SECONDS_TO_BE_READY)
        return float(line.split()[2])

    def type(self, command: str, answer: str) -> str:
        """Types a command; returns the line that responds to it."""
        before = len(self.lines)
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self.said(answer, after=before)

    def start(self) -> None:
        """Starts the channel, unless it is on air."""
        if not self._is_on_air:
            self.type("start", r"^started")
            self._is_on_air = True

    def stop(self) -> None:
        """Stops the channel."""
        self.type("stop", r"^stopped")
        self._is_on_air = False

    def rotate(self) -> None:
        """Rotates the signing key."""
        self.type("rotate", r"^rotated")

    def skip(self, seconds: float) -> None:
        """Moves the account's clock forward."""
        self.type(f"skip {seconds:.0f}", r"^skipped")

    def fail(self, status: int, seconds: float) -> None:
        """Makes the packager respond with this status for this time."""
        self.type(f"fail {status} {seconds:.0f}", r"^failing")

    def invite(self, email: str) -> str:
        """Invites another viewer; returns the temporary password."""
        return self.type(f"invite {email}", r"^invited").rpartition(" ")[2]

    def disable(self, email: str) -> None:
        """Disables a viewer."""
        self.type(f"disable {email}", r"^disabled")

    @property
    def temporary_password(self) -> str:
        """The first viewer's temporary password, from the box."""
        return self.said(r"^│ Password").split()[2]

    @property
    def outputs(self) -> Mapping[str, str]:
        """The URLs in the stack's outputs, by output name."""
        return {
            name.removesuffix(":"): url
            for name, url in itertools.pairwise(self.lines)
            if re.fullmatch(r"\w+:", name) and url.startswith("https://")
        }

    @property
    def browser_command(self) -> list[str]:
        """The command that opens a browser which resolves the stack's hosts to this machine."""
        _, script = shlex.split(self.said(r"^sh "))
        begin, program, *arguments, more = shlex.split(Path(script).read_text("utf-8"))
        assert (begin, more) == ("exec", "$@")
        return [program, *arguments]

    def close(self) -> None:
        """Stops the preview, as Ctrl-C does."""
        with self._process:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGINT)
            self._process.wait(20)
            self._reading.join()


@contextlib.contextmanager
def previewed(template: Path, *options: str) -> Iterator[Previewed]:
    """Runs `python -m preview` with a template, ready for viewers."""
    preview = Previewed([sys.executable, "-m", "preview", str(template), "--no-browser", *options])
    try:
        preview.ready()
        yield preview
    finally:
        preview.close()
