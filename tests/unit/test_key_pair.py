"""`protected-stream keys new`: writes two files, and prints no secrets."""

import errno
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.sections.signing.public_key import fingerprint, public_key


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written to the test's own folder."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ecdsa-p256"])
def test_the_keys_match_and_cloudfront_accepts_the_public_one(
    tmp_path: Path, algorithm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "new", "mine", "--algorithm", algorithm]) == CLEAN
    private = (tmp_path / "mine.pem").read_bytes()
    public = (tmp_path / "mine.pub.pem").read_text()
    derived = load_pem_private_key(private, None).public_key()
    assert derived.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() == public
    assert public_key("mine.pub.pem", tmp_path) == public
    said = capsys.readouterr()
    assert fingerprint(public) in said.out
    lines = [line for line in private.decode().splitlines() if "-----" not in line]
    assert not any(line in said.out + said.err for line in lines)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_the_private_key(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert main(["keys", "new", "mine"]) == CLEAN
    finally:
        os.umask(before)
    assert (tmp_path / "mine.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "mine.pub.pem").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("there", ["mine.pem", "mine.pub.pem"])
def test_an_existing_file_is_not_overwritten(
    tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / there).write_text("mine")
    assert main(["keys", "new", "mine"]) == NOTHING_WRITTEN
    assert f"{there} already exists" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {there: "mine"}


@pytest.mark.parametrize("name", ["", ".", "..", "folder/", "mine.pub"])
def test_a_pair_has_a_name(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", name]) == NOTHING_WRITTEN
    assert "needs a name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["keys"], ["keys", "old", "mine"], ["keys", "new"]])
def test_an_invalid_command_shows_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == NOTHING_WRITTEN
    assert "usage: protected-stream keys" in capsys.readouterr().err


def test_a_missing_folder_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", "gone/mine"]) == NOTHING_WRITTEN
    assert "gone/mine.pem: cannot be written: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("which", [1, 2])
def test_a_full_disk_leaves_no_half_of_a_pair(
    tmp_path: Path, which: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[int] = []

    def full(descriptor: int, _: int) -> None:
        written.append(descriptor)
        if len(written) == which:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fchmod", full)
    assert main(["keys", "new", "mine"]) == NOTHING_WRITTEN
    assert "cannot be written: No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", "x" * 300]) == NOTHING_WRITTEN
    assert "cannot be written: File name too long" in capsys.readouterr().err
