"""Working folder of the preview, which is emptied at the end."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.local.work_dir import LOCK, work_dir
from tests.conftest import CHECKOUT

HOLD = """
import sys
from pathlib import Path
from preview.local.work_dir import work_dir
with work_dir(Path(sys.argv[1])):
    print("there", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_temporary_files_are_created_there_and_deleted(tmp_path: Path) -> None:
    before = tempfile.gettempdir(), os.environ.get("TMPDIR")
    with work_dir(tmp_path / "preview") as folder:
        Path(tempfile.mkdtemp(), "x").touch()
        assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(folder)
        assert Path(os.environ["XDG_CACHE_HOME"]).parent == folder
        assert len(names(folder)) == 2
    assert names(tmp_path / "preview") == [LOCK]
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


def test_what_a_killed_preview_left_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in (LOCK, "x", "a/b/c"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(CHECKOUT)
    with work_dir(tmp_path) as folder:
        assert names(folder) == [LOCK]
    assert (CHECKOUT / "README.md").exists()


def test_two_do_not_share_it(tmp_path: Path) -> None:
    folder = tmp_path / "preview"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, folder],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"there\n"
        (folder / "theirs").touch()
        with pytest.raises(PreviewError, match="Another preview is running "), work_dir(folder):
            pass
        assert (folder / "theirs").exists()
        other.kill()
    with work_dir(folder):
        assert names(folder) == [LOCK]


def test_a_folder_with_other_files_is_not_used(tmp_path: Path) -> None:
    """Such as the preview's own code, next to a template at the top of the checkout."""
    (tmp_path / "mine").touch()
    with pytest.raises(PreviewError, match="contains files that are not the preview's"):
        work_dir(tmp_path).__enter__()
    assert names(tmp_path) == ["mine"]


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PreviewError, match="cannot be written: "):
        work_dir(tmp_path / "file" / "preview").__enter__()
