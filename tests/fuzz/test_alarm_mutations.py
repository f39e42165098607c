"""Each mutation of what `[alarms]` adds to the template changes what is heard: `make test-all`."""

from pathlib import Path

import pytest

from protected_stream.building import build
from tests.mutation.alarms import STREAM, of_alarms, violation_of_alarms
from tests.mutation.operators import Mutation
from tests.mutation.survivors import verdict

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the template with alarms is built."""
    folder = tmp_path_factory.mktemp("alarms")
    build(STREAM, folder, lambda _: None)
    return folder


@pytest.mark.parametrize("mutation", of_alarms(), ids=str)
def test_it_is_heard(mutation: Mutation, folder: Path) -> None:
    assert not verdict(mutation.place, violation_of_alarms(mutation, folder))
