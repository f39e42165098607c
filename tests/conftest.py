"""What the tests of templates begin with: the default stream, and others by what differs."""

from collections.abc import Callable
from typing import Any

import pytest

from generator import Stream, assemble
from generator.emit import document

Document = dict[str, Any]


@pytest.fixture(scope="session")
def default() -> Document:
    """The template of the default stream, as plain data."""
    return document(assemble(Stream()))


@pytest.fixture(scope="session")
def template_of() -> Callable[..., Document]:
    """The template of a stream, given the tables that differ from the default."""
    return lambda **tables: document(assemble(Stream.model_validate(tables)))
