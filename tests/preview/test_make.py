"""Each target of the Makefile is run: here, in a copy of the checkout, or by .ci/run."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.preview.cli.test_main import read_until

MAKEFILE = (CHECKOUT / "Makefile").read_text("utf-8")
CI = (CHECKOUT / ".ci" / "run").read_text("utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE)
HERE = {"help", "template", "site", "endpoint", "docs", "fix", "clean"}
ELSEWHERE = {
    "preview": "tests/bench/test_speed_of_watching.py",
    "lint": "make test runs it",
    "release": "takes a minute; tests/unit/release writes one with fewer templates",
    "expected": "takes minutes; what it writes is compared by tests of each file",
    "requirements": "pins what is newest on PyPI today",
    "screens": "takes minutes; tests/browser/test_layout.py makes the screenshots",
    "test-all": "runs the other targets; takes as long as they do",
}
"""By whom, or why by nobody."""
STAMPS = [part for name in ("building", "site", "testing") for part in ("-o", f".venv/for-{name}")]
"""Options of make: the environment that the tests run in is not installed again."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone of the checkout as it is would have, and the tests' environment."""
    folder = tmp_path_factory.mktemp("make") / "checkout"
    left_out = shutil.ignore_patterns("build", ".venv*", ".git", ".*_cache", "__pycache__")
    shutil.copytree(CHECKOUT, folder, ignore=left_out)
    (folder / "build").mkdir()
    shutil.copy(CHECKOUT / "build" / ".gitignore", folder / "build")
    (folder / ".venv").symlink_to(Path(sys.prefix))
    person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, *person, "commit", "--quiet", "--message", "Begin")
    return folder


def git(folder: Path, *words: str) -> str:
    """Runs git; returns what it has printed."""
    return subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def make(checkout: Path, *words: str) -> str:
    """Runs make; returns what it has printed."""
    # as if nobody's make had started these tests
    variables = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", *STAMPS, *words],
        cwd=checkout,
        env={**variables, "PYTHONPATH": str(checkout / "generator")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def changed(checkout: Path) -> str:
    """What git says has changed."""
    return git(checkout, "status", "--porcelain")


def test_each_target_is_run_or_has_a_reason() -> None:
    lines = [line.split() for line in CI.splitlines()]
    by_ci = {word for line in lines if line[:1] == ["make"] for word in line if word in TARGETS}
    assert HERE | ELSEWHERE.keys() | by_ci == set(TARGETS)
    assert not HERE & ELSEWHERE.keys()


def test_make_help_lists_every_target(checkout: Path) -> None:
    listed = [line.split()[0] for line in make(checkout, "help").splitlines()]
    assert listed == TARGETS


def test_the_template_and_the_page_are_written(checkout: Path) -> None:
    make(checkout, "template", "site")
    written = {path.name for path in (checkout / "build").iterdir()}
    assert {"template.json", "template.yaml", "parameters.json", "site", "404.html"} <= written


@pytest.mark.parametrize("target", ["docs", "fix"])
def test_what_is_committed_is_what_it_would_write(checkout: Path, target: str) -> None:
    make(checkout, target)
    assert changed(checkout) == ""


def test_the_endpoint_says_what_to_export(checkout: Path) -> None:
    with subprocess.Popen(
        ["make", "--silent", "endpoint", *STAMPS],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert "AWS_ENDPOINT_URL=http" in read_until(process, "waiting  for a client")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=20)


def test_make_clean_leaves_what_a_clone_has(checkout: Path) -> None:
    """The last one, as it removes the link to the environment."""
    make(checkout, "clean")
    assert not (checkout / ".venv").is_symlink()
    assert changed(checkout) == ""
    assert [path.name for path in (checkout / "build").iterdir()] == [".gitignore"]
