"""What the tests themselves are held to."""

import pytest

from tests.conftest import NO_SKIPS, forbid_skipping


def report(outcome: str, reason: object = None) -> pytest.TestReport:
    """Of one test."""
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
