"""Console output of the preview, one line at a time."""

import threading
from collections.abc import Callable


class Output:
    """Prints lines from all threads; viewers repeat steps, so some lines print only once."""

    def __init__(self, write: Callable[[str], None]) -> None:
        """`write` prints a line."""
        self._write = write
        self._last = ""
        self._one_at_a_time = threading.Lock()

    def say(self, line: str) -> None:
        """Prints a line."""
        with self._one_at_a_time:
            self._last = line
            self._write(f"  {line}")

    def once(self, line: str) -> None:
        """Prints a line, unless it equals the previous one."""
        with self._one_at_a_time:
            if line != self._last:
                self._last = line
                self._write(f"  {line}")
