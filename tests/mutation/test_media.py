"""Each mutation of the inputs, channels and endpoints of every example is found by the linter."""

import pytest

from tests.conftest import STREAMS
from tests.mutation.media import of_media
from tests.mutation.survivors import survivors
from tests.unit.lint.mutations import is_found


@pytest.mark.parametrize("name", [name for name in STREAMS if name != "default"])
def test_they_are_found(name: str) -> None:
    mutations = [one for one in of_media() if one.example == name]
    missed = [one.place for one in mutations if not is_found(one.mutation)]
    assert missed == [one.place for one in mutations if one.place in survivors()]
