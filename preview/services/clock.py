"""Clock of the previewed account, which can skip time."""

import time
from pathlib import Path

from preview.services.functions.skipped_time import SkippedTime, begin


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

    def skip(self, seconds: float) -> None:
        """Moves the clock forward, or back if `seconds` is negative."""
        self._skipped.add(seconds)
