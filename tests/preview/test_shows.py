"""Planned shows start and stop on time, whatever happens meanwhile (docs/schedule.md)."""

from pathlib import Path

import pytest

from preview.account import Account
from preview.services.aws.role_policies import documents
from protected_stream import Stream
from protected_stream.building import build
from tests.preview.operator import template_in
from tests.preview.scenario_grants import look_for_denials, look_for_unused
from tests.preview.shows_record import (
    CHANGES,
    EVENINGS,
    ONE,
    RECORD,
    TWO,
    over_changes,
    recorded,
    rows,
)


def test_every_evening_is_as_recorded() -> None:
    lines = RECORD.read_text("utf-8").partition("## In ")[0].splitlines()
    rows = [f"| {' | '.join(row)} |" for options in (ONE, TWO) for row in recorded(options)]
    assert rows == [line for line in lines if line.startswith("| ")][1:]
    assert len(rows) == len(EVENINGS)


@pytest.mark.parametrize("name", CHANGES)
def test_local_times_are_kept_when_clocks_change(name: str) -> None:
    table = RECORD.read_text("utf-8").partition(f"## In {name}\n")[2].partition("\n## ")[0]
    assert list(over_changes(name)) == [line for line in table.splitlines() if "ING" in line]


def test_schedules_may_do_what_they_do_and_no_more(tmp_path: Path) -> None:
    build(Stream.model_validate(ONE), tmp_path, lambda _: None)

    def look(account: Account) -> None:
        roles = {one.logical_id: one for one in account.resources.of_type("AWS::IAM::Role")}
        look_for_unused(account, {"ShowsRole": documents(roles["ShowsRole"])})
        look_for_denials(account)

    assert list(rows(tmp_path, template_in(tmp_path), ["the stop is refused"], after=look))
