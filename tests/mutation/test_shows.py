"""Each mutation of what planned shows add to the template is found in an evening."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from protected_stream import Stream
from protected_stream.building import build
from tests.mutation.operators import Mutation
from tests.mutation.shows import EVENINGS, of_shows, violation_of_shows
from tests.mutation.survivors import verdict
from tests.preview.operator import template_in
from tests.preview.shows_record import ONE, Row, rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the template with a show is built."""
    folder = tmp_path_factory.mktemp("shows")
    build(Stream.model_validate(ONE), folder, lambda _: None)
    return folder


@pytest.fixture(scope="module")
def right(folder: Path) -> Sequence[Row]:
    """The evenings without a mutation."""
    return list(rows(folder, template_in(folder), EVENINGS))


@pytest.mark.parametrize("mutation", of_shows(), ids=str)
def test_it_is_found(mutation: Mutation, folder: Path, right: Sequence[Row]) -> None:
    assert not verdict(mutation.place, violation_of_shows(mutation.template, folder, right))
