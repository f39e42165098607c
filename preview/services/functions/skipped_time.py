"""Skipped time, in a file that this process shares with the functions' processes.

The functions' processes import it, too, so it uses only the standard library.
"""

import fcntl
import mmap
import struct
from pathlib import Path

FORM = "<d"  # one double, little-endian
SIZE = struct.calcsize(FORM)


def begin(file: Path) -> None:
    """Overwrites the file: no skipped time."""
    file.write_bytes(struct.pack(FORM, 0))


class SkippedTime:
    """Reads and writes the file, concurrently with other processes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as opened:
            self._seen = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

    def seconds(self) -> float:
        """The skipped time so far."""
        return float(struct.unpack(FORM, self._seen[:SIZE])[0])

    def add(self, seconds: float) -> None:
        """Skips more seconds."""
        with self._file.open("r+b", buffering=0) as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            skipped = struct.unpack(FORM, opened.read(SIZE))[0]
            opened.seek(0)
            opened.write(struct.pack(FORM, skipped + seconds))
