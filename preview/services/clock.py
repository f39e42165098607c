"""Clock of the previewed account, which can skip time."""

import time
from pathlib import Path

from preview.services.functions.skipped_time import SkippedTime, begin

POLL = 0.1
"""Seconds between looks at the clock while waiting: time may be skipped at any moment."""


class Clock:
    """This machine's time plus skipped time; the functions' processes use the same time."""

    def __init__(self, file: Path) -> None:
        """Starts at this machine's time; overwrites `file`."""
        self.file = file
        begin(file)
        self._skipped = SkippedTime(file)

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self._skipped.seconds()

    def wait(self, seconds: float) -> None:
        """Returns when that much of the account's time has passed, of which some may be skipped."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            time.sleep(min(left, POLL))

    def skip(self, seconds: float) -> None:
        """Moves the clock forward, or back if `seconds` is negative."""
        self._skipped.add(seconds)
