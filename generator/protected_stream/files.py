"""File reading with a limit, and atomic file writes."""

import errno
import os
import stat
import tempfile
from pathlib import Path

READABLE_FOR_ALL = 0o644
READABLE_FOR_OWNER = 0o600


def read_at_most(limit: int, path: Path) -> bytes:
    """The file's content.

    Args:
        limit: the most bytes that it may have.
        path: the file.

    Raises:
        OSError: the file cannot be read, or is larger; `strerror` says which.
    """
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"has more than {limit:,} bytes", str(path))
    return content


def read_regular_file(limit: int, path: Path) -> bytes:
    """The same, but not of a pipe, which may never have content, or a device, which may never end.

    Raises:
        OSError: the file cannot be read, is larger, or is not a regular file.
        ValueError: no file can have this name.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    return read_at_most(limit, path)


def rename_folder(unfinished: Path, folder: Path) -> None:
    """Gives a complete folder its name, unless another process has just made the same one.

    Raises:
        OSError: it cannot be renamed, and there is no folder of that name.
    """
    try:
        unfinished.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise


def write_atomically(path: Path, content: bytes, mode: int = READABLE_FOR_ALL) -> None:
    """Writes the file in one step: a reader sees the old content or the new, never a part.

    Args:
        path: the file.
        content: all of it.
        mode: who may read it, from the start.

    Raises:
        OSError: the folder cannot be created or written; `filename` is the folder or the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, content, mode)
    except OSError as error:
        if error.errno is None:
            raise
        # not the unfinished file's name, or none, as for a full disk
        raise OSError(error.errno, error.strerror, str(path)) from None


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
