"""AWS cost of the stream."""

from collections.abc import Callable

import pytest

from protected_stream.reading.cost import cost
from tests.conftest import Document


def test_an_hour_on_air_is_the_sum_of_its_parts(default: Document) -> None:
    """One input, four SD and two HD outputs, both pipelines into the packager.

    The first three are $3.114, as in the AWS solution's guide for the same ladder.
    """
    gigabytes = (4.1 + 2.7 + 1.8 + 1.2 + 0.8 + 0.4) / 8 * 3.6
    expected = 0.294 + 4 * 0.354 + 2 * 0.702 + 2 * gigabytes * 0.03
    assert cost(default).on_air_hour == pytest.approx(expected)


def test_a_smaller_ladder_costs_less(template_of: Callable[..., Document]) -> None:
    ladders = ("HD-1080p", "HD-720p", "SD-540p")
    hours = [cost(template_of(encoding={"ladder": name})).on_air_hour for name in ladders]
    assert hours == sorted(hours, reverse=True)
    assert len(set(hours)) == 3


def test_an_idle_stream_pays_for_its_secret(default: Document) -> None:
    assert cost(default).idle_month == pytest.approx(0.40)


def test_a_viewer_takes_the_largest_rendition(default: Document) -> None:
    assert cost(default).viewer_hour == pytest.approx(4.1 / 8 * 3.6 * 0.085)
