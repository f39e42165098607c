"""The preview prints when an event happened, and a repeated one once."""

import re
from collections.abc import Iterator
from time import tzset

import pytest

from preview.cli.output import Output

NOON = 1_764_158_400


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times are in UTC here."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "UTC")
        tzset()
        yield
    tzset()


def test_a_repeated_event_is_printed_once_until_another_comes() -> None:
    said: list[str] = []
    output = Output(said.append, lambda: NOON)
    for line in ("a", "a", "b", "a"):
        output.once(line)
    output.say("c")
    output.say("c")
    output.once("c")
    assert [re.sub("^12:00:00 ", "", line) for line in said] == ["a", "b", "a", "c", "c"]


def test_the_time_is_the_clocks() -> None:
    said: list[str] = []
    times = iter((NOON, NOON + 3601))
    output = Output(said.append, lambda: next(times))
    output.say("a")
    output.once("b")
    assert said == ["12:00:00 a", "13:00:01 b"]


def test_further_lines_are_below_the_first() -> None:
    said: list[str] = []
    Output(said.append, lambda: NOON).say("stop  a\nstart b")
    assert said == ["12:00:00 stop  a\n         start b"]
