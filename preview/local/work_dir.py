"""The one folder in which the preview leaves files while it runs, beside the template."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from preview.errors import PreviewError

LOCK = "preview.lock"
"""Says whose folder it is, and who has it now."""


@contextlib.contextmanager
def work_dir(folder: Path) -> Iterator[Path]:
    """The folder, empty, for temporary files of this process and of those that it starts.

    What a preview that was killed has left there goes first, and in the end all but the lock.

    Raises:
        PreviewError: another preview runs in it, it holds something else, or it cannot be made.
    """
    folder = folder.absolute()
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / LOCK).exists():
            raise PreviewError(
                f"{folder} holds files that are not the preview's: build into another folder,"
                " make template OUT=build/other"
            )
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("wb")
    except OSError as error:
        raise PreviewError(f"{folder} cannot be written: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PreviewError(
                f"Another preview runs in {folder}: end it, or build into another folder."
            ) from None
        _empty(folder)
        try:
            with _temporary_files_in(folder):
                yield folder
        finally:
            _empty(folder)


def _empty(folder: Path) -> None:
    """Processes of a preview that was killed may still be ending: what they hold goes next time."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Of this process and of those that it starts; what they would keep for later, too."""
    own = {"TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    before = {name: os.environ.get(name) for name in own}
    tempfile.tempdir, default = str(folder), tempfile.tempdir
    os.environ.update(own)
    try:
        yield
    finally:
        tempfile.tempdir = default
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value
