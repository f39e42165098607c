"""The operator's terminal: prints above the prompt, and reads commands.

It may also be a pipe or a file. Then there is no prompt and no color, and lines are not broken, so
that programs can search them.
"""

import contextlib
import os
import queue
import shutil
import signal
import sys
import termios
import threading
from collections.abc import Sequence
from typing import Any, Self, TextIO

from preview.cli.style import box, has_color, laid_out

try:  # a Python may have been built without it; then there is no prompt
    import readline
except ImportError:
    readline = None  # type: ignore[assignment]

PROMPT = "> "
END_OF_INPUT = "quit"
"""The command that Ctrl-D at the prompt stands for."""
Lines = queue.Queue[str]


class Terminal:
    """Where the operator reads and types, until it is closed."""

    def __init__(self, output: TextIO = sys.stdout, source: int = 0) -> None:
        """A terminal without a prompt yet.

        Args:
            output: what to print to.
            source: the file descriptor of what is typed.
        """
        self._output, self._source = output, source
        self._is_terminal = output.isatty()
        self._has_color = has_color(os.environ, is_terminal=self._is_terminal)
        self._prompts = False
        """Whether the prompt is shown."""
        self._modes: list[Any] | None = None
        self._one_at_a_time = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._prompts = False
        # a process in the background would be stopped, and a terminal may be gone
        if self._modes is not None and _is_in_foreground(self._source):
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._source, termios.TCSADRAIN, self._modes)

    def write(self, text: str) -> None:
        """Prints text and a line break; what the operator is typing moves below it."""
        if self._is_terminal:
            width = shutil.get_terminal_size().columns
            text = laid_out(text, width=width, color=self._has_color)
        with self._one_at_a_time:
            typed = f"{PROMPT}{readline.get_line_buffer()}" if self._prompts else ""
            erased = f"\r{' ' * len(typed)}\r" if typed else ""
            self._output.write(f"{erased}{text}\n{typed}")
            self._output.flush()

    def write_box(self, rows: Sequence[tuple[str, str]]) -> None:
        """Prints names and values in a box."""
        width = shutil.get_terminal_size().columns if self._is_terminal else None
        self.write(box(rows, width=width, encoding=self._output.encoding or "ascii"))

    def typed(self) -> Lines:
        """The lines that the operator types, as they arrive, until the input ends.

        Where input and output are a terminal, there is a prompt from now on.
        """
        lines: Lines = queue.Queue()
        if self._can_prompt():
            self._modes = termios.tcgetattr(self._source)
            # a terminal would keep that mode if the preview is killed
            readline.parse_and_bind("set enable-bracketed-paste off")
            readline.set_pre_input_hook(self._prompted)
            threading.Thread(target=self._ask, args=(lines,), daemon=True).start()
        else:
            threading.Thread(target=_read, args=(self._source, lines), daemon=True).start()
        return lines

    def _can_prompt(self) -> bool:
        return (
            readline is not None
            and self._is_terminal
            and self._source == 0  # `input` reads no other
            and _is_in_foreground(self._source)
        )

    def _ask(self, lines: Lines) -> None:
        """Reads lines with readline, which shows what is being typed, and knows earlier lines."""
        _ignore_job_control()
        while True:
            try:
                line = input(PROMPT)
            except EOFError:
                if _is_in_foreground(self._source):
                    lines.put(END_OF_INPUT)
                return
            finally:
                self._prompts = False
            lines.put(line)
            if line.strip().lower() == END_OF_INPUT:
                return  # a prompt after it would change the terminal's modes again

    def _prompted(self) -> None:
        """Called when the prompt is shown; until then, nothing has to be moved below it."""
        self._prompts = True


def _read(descriptor: int, lines: Lines) -> None:
    """Reads lines without Python's buffers.

    If a buffer's lock is held when the process ends, that is a fatal error.
    """
    _ignore_job_control()
    rest = b""
    try:
        while more := os.read(descriptor, 4096):
            *whole, rest = (rest + more).split(b"\n")
            for line in whole:
                lines.put(line.decode(errors="replace"))
    except OSError:  # there is no standard input, or it belongs to another process
        return


def _ignore_job_control() -> None:
    """Otherwise the terminal would stop a background preview that reads.

    In this thread only: the processes of the functions inherit what the preview ignores everywhere.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGTTOU})


def _is_in_foreground(descriptor: int) -> bool:
    """Whether the descriptor is a terminal whose input goes to this process."""
    with contextlib.suppress(OSError):
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    return False
