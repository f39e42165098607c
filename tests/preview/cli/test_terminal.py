"""The terminal of the preview: what it prints where, and what it reads."""

import io
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from preview.cli.terminal import Terminal
from tests.conftest import CHECKOUT

IN_THE_BACKGROUND = """
import fcntl, os, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
behind = subprocess.Popen([sys.executable, "-c", sys.argv[1]], process_group=0)
_, status = os.waitpid(behind.pid, os.WUNTRACED)
sys.exit(os.WIFSTOPPED(status))
"""
"""Starts a background process, as a shell does with `&`; the exit code is 1 if it was stopped."""
READS = """
import threading
from preview.cli.terminal import Terminal
Terminal().typed()
for thread in threading.enumerate():
    if thread.daemon:
        thread.join(20)
"""

ASKS = """
import fcntl, sys, termios, threading, time
from preview.cli.terminal import Terminal
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
with Terminal() as terminal:
    event = threading.Timer(1, terminal.write, ["12:00:00 refused  403"])
    lines = terminal.typed()
    while (line := lines.get()) != "quit":
        if line == "later":
            event.start()
        else:
            terminal.write(f"12:00:00 typed  {line}")
time.sleep(0.3)
print("ended")
"""
"""Prints what is typed; `later` makes an event come a second later; `quit` ends it, but not at
once: another prompt would change the terminal's modes until then."""


@dataclass
class Seen:
    """A process with a terminal of its own, and what it has printed on it."""

    terminal: int
    text: str = ""

    def until(self, pattern: str) -> str:
        """Reads until the pattern has been printed; returns what was printed since the last one."""
        end = time.monotonic() + 20
        while not (found := re.search(pattern, self.text)):
            assert time.monotonic() < end, self.text
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.text += os.read(self.terminal, 4096).decode()
        before, self.text = self.text[: found.end()], self.text[found.end() :]
        return before

    def type(self, text: str) -> None:
        """Types text on the terminal's keyboard."""
        os.write(self.terminal, text.encode())


@pytest.fixture(params=["xterm", "dumb"])
def seen(request: pytest.FixtureRequest) -> Iterator[Seen]:
    """A process that asks for lines; it restores the terminal's modes when it ends."""
    controller, terminal = os.openpty()
    modes = termios.tcgetattr(terminal)
    with subprocess.Popen(
        [sys.executable, "-c", ASKS],
        stdin=terminal,
        stdout=terminal,
        start_new_session=True,
        cwd=CHECKOUT,
        env={**os.environ, "TERM": request.param},
    ) as process:
        yield Seen(controller)
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert termios.tcgetattr(terminal) == modes
    os.close(terminal)
    os.close(controller)


def test_an_event_is_printed_above_what_is_being_typed(seen: Seen) -> None:
    seen.until("> ")
    seen.type("later\n")
    seen.until("> ")
    seen.type("unfin")
    seen.until("unfin")
    event = seen.until("\n> unfin")
    assert event.startswith(f"\r{' ' * 7}\r")
    assert "refused" in event
    seen.type("ished\n")
    seen.until("typed  unfinished")
    seen.type("quit\n")
    seen.until("ended")


IN_A_SHELL = """
import fcntl, os, signal, sys, termios, time
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from preview.cli.terminal import Terminal
shell = os.getpgrp()
if not (child := os.fork()):
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    with Terminal() as terminal:
        terminal.typed()
        time.sleep(0.5)
        os.tcsetpgrp(0, shell)
    os._exit(0)
_, status = os.waitpid(child, os.WUNTRACED)
print("stopped" if os.WIFSTOPPED(status) else "ended")
"""
"""Starts a process in the foreground and puts it into the background, where it ends."""


def test_it_ends_in_the_background() -> None:
    controller, terminal = os.openpty()
    ended = subprocess.run(
        [sys.executable, "-c", IN_A_SHELL],
        stdin=terminal,
        stdout=terminal,
        start_new_session=True,
        cwd=CHECKOUT,
        env={**os.environ, "TERM": "xterm"},
        timeout=60,
        check=True,
    )
    assert ended.returncode == 0
    text = os.read(controller, 4096).decode()
    os.close(terminal)
    os.close(controller)
    assert text.endswith("ended\r\n")


def test_end_of_input_ends_it(seen: Seen) -> None:
    seen.until("> ")
    seen.type("\x04")
    seen.until("ended")


def _soon(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lines_arrive_as_they_are_typed() -> None:
    reader, writer = os.pipe()
    lines = Terminal(io.StringIO(), reader).typed()
    os.write(writer, b"stop\nsta")
    assert lines.get(timeout=20) == "stop"
    os.write(writer, b"rt\n\xff\n")
    assert lines.get(timeout=20) == "start"
    assert lines.get(timeout=20) == "\N{REPLACEMENT CHARACTER}"
    os.close(writer)
    _soon(lines.empty)
    os.close(reader)


def test_without_standard_input_there_are_no_lines() -> None:
    reader, writer = os.pipe()
    os.close(writer)
    os.close(reader)
    assert Terminal(io.StringIO(), reader).typed().empty()


def test_in_the_background_it_keeps_running_and_reads_nothing() -> None:
    controller, terminal = os.openpty()
    command = [sys.executable, "-c", IN_THE_BACKGROUND, READS]
    ended = subprocess.run(command, stdin=terminal, start_new_session=True, check=False)
    os.close(terminal)
    os.close(controller)
    assert ended.returncode == 0


def test_reading_does_not_affect_other_threads() -> None:
    before = signal.getsignal(signal.SIGTTIN), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    Terminal(io.StringIO(), os.open(os.devnull, os.O_RDONLY)).typed()
    after = signal.getsignal(signal.SIGTTIN), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert after == before
