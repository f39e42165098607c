"""Fixtures for the tests of the media checks."""

from collections.abc import Callable

import pytest

from protected_stream.lint.media import media_findings
from tests.unit.lint.changes import Change
from tests.unit.lint.example_stream import Document, example_stream

FindingsAfter = Callable[[Change], set[tuple[str, str]]]


@pytest.fixture(scope="session")
def template(default: Document) -> Document:
    """The template that the mutations are made from; tests must not change it."""
    return default


@pytest.fixture(scope="session")
def findings_after() -> FindingsAfter:
    """The findings after a change to the example, as resources and paths."""

    def found(change: Change) -> set[tuple[str, str]]:
        document = example_stream()
        change(document["Resources"])
        return {(finding.resource, finding.path) for finding in media_findings(document)}

    return found
