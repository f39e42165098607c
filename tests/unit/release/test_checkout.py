"""A release is built from an unchanged commit."""

import subprocess
from pathlib import Path

import pytest

from protected_stream.errors import BuildError
from release.checkout import commit_time


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, made at a known time."""
    date = "2026-11-29T12:00:00+00:00"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_COMMITTER_DATE": date}
    (tmp_path / "file").write_text("1")
    person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for words in (("init", "--quiet"), ("add", "."), (*person, "commit", "--quiet", "-m", "Begin")):
        subprocess.run(["git", *words], cwd=tmp_path, env=environment, check=True)
    return tmp_path


def test_the_time_is_the_commit_s(repository: Path) -> None:
    assert commit_time(repository) == 1_795_953_600


@pytest.mark.parametrize(
    ("names", "said"),
    [(["file"], "file: changed"), (["file", "new", "newer"], "file and 2 more: changed")],
)
def test_a_changed_checkout_is_refused(repository: Path, names: list[str], said: str) -> None:
    for name in names:
        (repository / name).write_text("2")
    with pytest.raises(BuildError, match=f"^{said} since the last commit; commit or stash"):
        commit_time(repository)


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"not a Git checkout with a commit: .*not a git rep"):
        commit_time(tmp_path)


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BuildError, match="git is missing"):
        commit_time(repository)
