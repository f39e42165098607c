"""Planned shows start and stop on time, whatever happens meanwhile (docs/schedule.md)."""

import pytest

from tests.preview.shows_record import CHANGES, EVENINGS, ONE, RECORD, TWO, over_changes, recorded


def test_every_evening_is_as_recorded() -> None:
    lines = RECORD.read_text("utf-8").partition("## In ")[0].splitlines()
    rows = [f"| {' | '.join(row)} |" for options in (ONE, TWO) for row in recorded(options)]
    assert rows == [line for line in lines if line.startswith("| ")][1:]
    assert len(rows) == len(EVENINGS)


@pytest.mark.parametrize("name", CHANGES)
def test_local_times_are_kept_when_clocks_change(name: str) -> None:
    table = RECORD.read_text("utf-8").partition(f"## In {name}\n")[2].partition("\n## ")[0]
    assert list(over_changes(name)) == [line for line in table.splitlines() if "ING" in line]
