"""Atomic file writes."""

import errno
import os
import stat
from pathlib import Path

import pytest

from protected_stream.files import (
    read_at_most,
    read_regular_file,
    rename_folder,
    write_atomically,
)


def test_the_folder_of_a_file_is_created(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "file"
    write_atomically(path, b"content")
    assert path.read_bytes() == b"content"


def test_others_can_read_it(tmp_path: Path) -> None:
    """As with a file that is written directly."""
    write_atomically(tmp_path / "file", b"content")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_atomically(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_an_error_names_the_file_and_not_the_unfinished_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error of a full disk has no name at all."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(OSError, match="No space left on device") as raised:
        write_atomically(tmp_path / "file", b"new")
    assert raised.value.filename == str(tmp_path / "file")


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1234")
    for read in (read_at_most, read_regular_file):
        assert read(4, path) == b"1234"
        with pytest.raises(OSError, match="has more than 3 bytes"):
            read(3, path)


def test_the_folder_of_another_process_is_as_good_as_its_own(tmp_path: Path) -> None:
    """Both renamed a complete one; the system refuses to replace a folder that is not empty."""
    for name in ("mine", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    rename_folder(tmp_path / "mine", tmp_path / "kept")
    assert (tmp_path / "kept" / "file").is_file()
    with pytest.raises(OSError, match="No such file or directory"):
        rename_folder(tmp_path / "mine", tmp_path / "not" / "there")
