"""Each mutation that strangers or viewers could notice is found by `protected-stream verify`."""

from pathlib import Path

import pytest

from tests.mutation.noticeable import ONLY_THE_PREVIEW, found_by_verify, noticeable
from tests.mutation.operators import Mutation


@pytest.mark.parametrize("mutation", list(noticeable()), ids=str)
def test_it_is_found(mutation: Mutation, built: Path) -> None:
    found = found_by_verify(mutation.template, built)
    assert (found == []) == (mutation.place in ONLY_THE_PREVIEW)
