"""The time that was skipped, in a file that this process and those of the functions share.

Imported by the script in a function's process, too: nothing but the standard library here.
"""

import fcntl
import mmap
import struct
from pathlib import Path

FORM = "<d"  # one double, little-endian
SIZE = struct.calcsize(FORM)


def begin(file: Path) -> None:
    """Writes the file anew: nothing was skipped."""
    file.write_bytes(struct.pack(FORM, 0))


class SkippedTime:
    """Reads and writes the file, beside others who do."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as opened:
            self._seen = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

    def seconds(self) -> float:
        """How much was skipped until now."""
        return float(struct.unpack(FORM, self._seen[:SIZE])[0])

    def add(self, seconds: float) -> None:
        """Skips so many seconds more."""
        with self._file.open("r+b", buffering=0) as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            skipped = struct.unpack(FORM, opened.read(SIZE))[0]
            opened.seek(0)
            opened.write(struct.pack(FORM, skipped + seconds))
