"""A template file that CloudFormation would not accept."""

import pytest

from protected_stream.lint.rules import Rule
from protected_stream.lint.size import size_findings


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("x" * 1_000_000, False), ("x" * 1_000_001, True), ("é" * 500_001, True)],
    ids=["the most bytes", "a byte more", "few characters of more bytes"],
)
def test_bytes_are_counted(text: str, is_found: bool) -> None:
    found = list(size_findings(text))
    assert [finding.rule for finding in found] == ([Rule.TEMPLATE_TOO_LARGE] if is_found else [])
