"""What the preview says while it runs, a line at a time."""

import threading
from collections.abc import Callable


class Output:
    """Takes lines from all threads; viewers' steps repeat themselves, so some lines are not new."""

    def __init__(self, write: Callable[[str], None]) -> None:
        """`write` takes each line that is to be read."""
        self._write = write
        self._last = ""
        self._one_at_a_time = threading.Lock()

    def say(self, line: str) -> None:
        """Says it."""
        with self._one_at_a_time:
            self._last = line
            self._write(f"  {line}")

    def once(self, line: str) -> None:
        """Says it, unless it is what was said last."""
        with self._one_at_a_time:
            if line != self._last:
                self._last = line
                self._write(f"  {line}")
