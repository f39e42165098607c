"""The time of the previewed account, which can be moved on without waiting."""

import time
from pathlib import Path

from preview.services.functions.skipped_time import SkippedTime, begin


class Clock:
    """This machine's time and what was skipped; the functions' processes live in the same time."""

    def __init__(self, file: Path) -> None:
        """Starts at this machine's time; `file` is written anew."""
        self.file = file
        begin(file)
        self._skipped = SkippedTime(file)

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self._skipped.seconds()

    def skip(self, seconds: float) -> None:
        """Moves on by so many seconds; back, if they are negative."""
        self._skipped.add(seconds)
