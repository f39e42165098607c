"""A release's files: the same from every checkout of a commit, and each with its checksum."""

import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from protected_stream.config import load
from protected_stream.errors import BuildError
from protected_stream.version import VERSION
from release import assets
from release.assets import checksums, streams, write
from tests.conftest import CHECKOUT, STREAMS

SECONDS = 1_700_000_000
NAMES = ("bound-by-kms", "kms")
"""Streams of different names, whose code is in the template."""
PACKAGED = ("generator", "edge_src", "lambda_src", "web_src")
FILES = (".gitignore", "LICENSE", "README.md", "pyproject.toml", "requirements.txt")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release is built from, in another folder, with other modes and times."""
    folder = tmp_path_factory.mktemp("copy")
    for name in PACKAGED:
        shutil.copytree(
            CHECKOUT / name, folder / name, copy_function=shutil.copyfile, dirs_exist_ok=True
        )
    for name in FILES:
        shutil.copyfile(CHECKOUT / name, folder / name)
        (folder / name).chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def releases(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The releases of both, each with the templates of two streams."""
    folder = tmp_path_factory.mktemp("releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "streams", lambda _: {name: load(STREAMS[name]) for name in NAMES})
        for checkout, name in ((CHECKOUT, "one"), (copy, "other")):
            write(checkout, folder / name, SECONDS, lambda _: None)
    return folder / "one", folder / "other"


def test_the_same_commit_gives_the_same_bytes(releases: tuple[Path, Path]) -> None:
    one, other = releases
    assert (one / "SHA256SUMS").read_text() == (other / "SHA256SUMS").read_text()


def test_it_has_packages_templates_and_the_bill_of_materials(releases: tuple[Path, Path]) -> None:
    names = {path.relative_to(releases[0]).as_posix() for path in releases[0].rglob("*.*")}
    assert names == {
        f"protected_stream-{VERSION}-py3-none-any.whl",
        f"protected_stream-{VERSION}.tar.gz",
        f"protected-stream-{VERSION}.cdx.json",
        *(
            f"templates/{name}/{file}"
            for name in NAMES
            for file in ("template.json", "template.yaml", "parameters.json")
        ),
    }


def test_the_wheel_has_the_time_of_the_commit(releases: tuple[Path, Path]) -> None:
    (wheel,) = releases[0].glob("*.whl")
    times = {entry.date_time for entry in zipfile.ZipFile(wheel).infolist()}
    assert times == {time.gmtime(SECONDS)[:6]}


def test_sha256sum_agrees(releases: tuple[Path, Path]) -> None:
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    said = subprocess.run(
        command, cwd=releases[0], check=True, capture_output=True, text=True
    ).stdout
    assert said.count(": OK\n") == 9


def test_checksums_are_sorted_by_path(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c", "b/a", "a"):
        (tmp_path / name).write_text(name)
    lines = checksums(tmp_path).splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a", "b/a", "c"]


def test_no_template_trusts_the_test_key_of_an_example() -> None:
    left_out = STREAMS.keys() - streams(CHECKOUT).keys()
    assert left_out == {"supplied", "supplied-ecdsa", "concert", "set-top"}


def test_a_folder_with_other_files_is_left_untouched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BuildError, match="exists and is not an earlier release; name another"):
        write(CHECKOUT, tmp_path, SECONDS, lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
