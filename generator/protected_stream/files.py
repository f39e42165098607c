"""Atomic file writes."""

import os
import tempfile
from pathlib import Path

READABLE_FOR_ALL = 0o644


def write_atomically(path: Path, content: bytes) -> None:
    """Writes the file in one step: a reader sees the old content or the new, never a part.

    Raises:
        OSError: the folder cannot be created or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(READABLE_FOR_ALL)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
