"""Working folder next to the template, with all of the preview's files while it runs."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from preview.errors import PreviewError

LOCK = "preview.lock"
"""Marks the folder as the preview's, and locks it while a preview runs."""


@contextlib.contextmanager
def work_dir(folder: Path) -> Iterator[Path]:
    """The folder, empty, for temporary files of this process and its child processes.

    Files of a killed preview are deleted at the start; everything except the lock, at the end.

    Raises:
        PreviewError: another preview uses the folder, it has other files, or it cannot be created.
    """
    folder = folder.absolute()
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / LOCK).exists():
            raise PreviewError(
                f"{folder} contains files that are not the preview's. Build into another folder:"
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
                f"Another preview is running in {folder}. End it, or build into another folder."
            ) from None
        _empty(folder)
        try:
            with _temporary_files_in(folder):
                yield folder
        finally:
            _empty(folder)


def _empty(folder: Path) -> None:
    """Empties it; files that are in use by processes of a killed preview are deleted next time."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Puts temporary files and caches of this process and its child processes into the folder."""
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
