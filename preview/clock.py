"""The time of the previewed account, which can be moved on without waiting."""

import struct
import time
from pathlib import Path


class Clock:
    """This machine's time and what was skipped.

    What was skipped stands in a file (one double, little-endian), so that the functions' processes
    live in the same time.
    """

    def __init__(self, file: Path) -> None:
        """Starts at this machine's time; `file` is written anew."""
        self.file = file
        self._skipped = 0.0
        self._write()

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Moves on by so many seconds."""
        self._skipped += seconds
        self._write()

    def _write(self) -> None:
        self.file.write_bytes(struct.pack("<d", self._skipped))
