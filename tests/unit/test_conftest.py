"""Tests of the test configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, NO_SKIPS, forbid_skipping


def report(outcome: str, reason: object = None) -> pytest.TestReport:
    """A report for one test."""
    return pytest.TestReport(
        nodeid="tests/test_one.py::test_one",
        location=("tests/test_one.py", 1, "test_one"),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]  # one of three words
        longrepr=reason,  # type: ignore[arg-type]  # pytest's own classes and tuples
        when="call",
    )


def test_where_skipping_is_forbidden_a_skipped_test_fails_with_its_reason() -> None:
    skipped = report("skipped", ("tests/test_one.py", 1, "Skipped: ffmpeg is not installed"))
    forbid_skipping(skipped)
    assert skipped.failed
    assert (
        skipped.longrepr == f"skipped, which {NO_SKIPS} forbids: Skipped: ffmpeg is not installed"
    )


def test_a_passed_test_stays_passed() -> None:
    passed = report("passed")
    forbid_skipping(passed)
    assert passed.passed


SKIPPING = """
import pytest

def test_skipped():
    pytest.skip("a reason")

@pytest.mark.xfail(strict=True)
def test_expected_to_fail():
    assert False
"""


@pytest.mark.parametrize("text", [SKIPPING, 'import pytest\npytest.importorskip("not_there")\n'])
@pytest.mark.parametrize("is_forbidden", [True, False])
def test_skipping_fails_only_where_it_is_forbidden(
    tmp_path: Path, text: str, *, is_forbidden: bool
) -> None:
    path = tmp_path / "test_one.py"
    path.write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", os.devnull, str(path)]
    others = {name: value for name, value in os.environ.items() if name != NO_SKIPS}
    environment = {**others, **({NO_SKIPS: "yes"} if is_forbidden else {})}
    ended = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False, capture_output=True)
    assert (NO_SKIPS in ended.stdout.decode()) is is_forbidden
    has_failed = ended.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert has_failed is is_forbidden
