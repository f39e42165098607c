"""The templates that the media checks are tested with."""

from collections.abc import Callable

import pytest

from protected_stream.lint.media import media_findings
from tests.unit.lint.changes import Change
from tests.unit.lint.example_stream import Document, example_stream

FindingsAfter = Callable[[Change], set[tuple[str, str]]]


@pytest.fixture(scope="session")
def template(default: Document) -> Document:
    """The template that is broken in every mechanical way; not to be changed."""
    return default


@pytest.fixture(scope="session")
def findings_after() -> FindingsAfter:
    """What is found after a change of the example, as resources and paths."""

    def found(change: Change) -> set[tuple[str, str]]:
        document = example_stream()
        change(document["Resources"])
        return {(finding.resource, finding.path) for finding in media_findings(document)}

    return found
