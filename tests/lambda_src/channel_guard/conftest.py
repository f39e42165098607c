"""A fake MediaLive for every test."""

from collections.abc import Iterator

import pytest

from tests.lambda_src.channel_guard.fake_medialive import FakeMediaLive, simulated
from tests.lambda_src.inlined import inlined


@pytest.fixture(params=["sources", "inlined"])
def medialive(request: pytest.FixtureRequest) -> Iterator[FakeMediaLive]:
    """For the guard's sources, and for its inline code."""
    code = inlined("channel_guard") if request.param == "inlined" else None
    with simulated(code) as made:
        yield made
