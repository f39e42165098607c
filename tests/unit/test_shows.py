"""Planned shows: which starts and stops they have, and which are refused."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from preview.services.schedule_times import next_run
from protected_stream import Stream, assemble
from protected_stream.reading.clock_changes import clock_changes
from protected_stream.reading.planned import hours_a_month, planned
from protected_stream.reading.planned_words import summary_lines
from protected_stream.sections.show_times import planned_of
from protected_stream.template.emit import document, documents
from protected_stream.template.validation_errors import validation_errors

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
BERLIN = 'time_zone = "Europe/Berlin"\n'
MONDAY = 'days = ["mon"]\nstart = 20:00:00\nend = 21:00:00'


def tables(*shows: str, options: str = BERLIN) -> dict[str, Any]:
    """A stream file with shows that are named a, b, c ..."""
    texts = (
        f'[[schedule.shows]]\nname = "{name}"\n{text}\n'
        for name, text in zip("abc", shows, strict=False)
    )
    return tomllib.loads(f"[schedule]\n{options}{''.join(texts)}")


def stream_of(*shows: str, options: str = BERLIN, now: datetime = NOW) -> Stream:
    """The stream, at a time."""
    given = tables(*shows, options=options)
    return Stream.model_validate(given, context={"now": now, "folder": Path()})


@pytest.mark.parametrize(
    ("shows", "expected"),
    [
        (
            ['days = ["fri", "sat"]\nstart = 20:00:00\nend = 22:30:00'],
            ["a start cron(55 19 ? * FRI,SAT *)", "a stop cron(30 22 ? * FRI,SAT *)"],
        ),
        (  # over midnight, at both ends
            ['days = ["sun"]\nstart = 00:03:00\nend = 00:45:00'],
            ["a start cron(58 23 ? * SAT *)", "a stop cron(45 0 ? * SUN *)"],
        ),
        (
            ["start = 2026-12-24T00:01:00\nend = 2026-12-24T02:00:00"],
            ["a start at(2026-12-23T23:56:00)", "a stop at(2026-12-24T02:00:00)"],
        ),
        (  # the stop of the first does not take the second off the air
            [MONDAY.replace("20", "19").replace("21", "20"), MONDAY],
            ["a start cron(55 18 ? * MON *)", "b stop cron(0 21 ? * MON *)"],
        ),
        (  # 14 minutes later, of which the channel starts 5 before
            [
                'days = ["mon", "tue"]\nstart = 20:00:00\nend = 21:00:00',
                'days = ["tue"]\nstart = 21:14:00\nend = 22:00:00',
            ],
            [
                "a start cron(55 19 ? * MON,TUE *)",
                "a stop cron(0 21 ? * MON *)",
                "b stop cron(0 22 ? * TUE *)",
            ],
        ),
        (
            [MONDAY, 'days = ["mon"]\nstart = 21:15:00\nend = 22:00:00'],
            [
                "a start cron(55 19 ? * MON *)",
                "a stop cron(0 21 ? * MON *)",
                "b start cron(10 21 ? * MON *)",
                "b stop cron(0 22 ? * MON *)",
            ],
        ),
        (
            [
                "start = 2026-12-24T20:00:00\nend = 2026-12-24T21:00:00",
                "start = 2026-12-24T20:00:00\nend = 2026-12-24T21:00:00\n"
                'time_zone = "Europe/London"',
            ],
            ["a start at(2026-12-24T19:55:00)", "b stop at(2026-12-24T21:00:00)"],
        ),
    ],
    ids=["weekly", "midnight", "single", "touching", "close", "not close", "in two zones"],
)
def test_each_show_has_its_starts_and_stops(shows: list[str], expected: list[str]) -> None:
    plan = planned_of(stream_of(*shows).schedule.plan)
    assert [f"{one.show} {one.act} {one.expression}" for one in plan] == expected


REFUSED = {
    "no zone": ("", [MONDAY], "needs schedule.time_zone"),
    "unknown zone": ('time_zone = "Europe/Berlim"\n', [MONDAY], "did you mean Europe/Berlin?"),
    "no date": (BERLIN, ["start = 20:00:00\nend = 21:00:00"], "must have days, or dates"),
    "dates and days": (
        BERLIN,
        ['days = ["mon"]\nstart = 2026-12-24T20:00:00\nend = 2026-12-24T21:00:00'],
        "must be times without dates",
    ),
    "quoted": (BERLIN, [MONDAY.replace("20:00:00", '"20:00"')], "without quotes"),
    "seconds": (BERLIN, [MONDAY.replace("20:00:00", "20:00:01")], "must be a whole minute"),
    "offset": (
        BERLIN,
        ["start = 2026-12-24T20:00:00Z\nend = 2026-12-24T21:00:00"],
        "must be a local time",
    ),
    "ends first": (
        BERLIN,
        ["start = 2026-12-24T20:00:00\nend = 2026-12-23T21:00:00"],
        "ends before it starts",
    ),
    "too short": (BERLIN, [MONDAY.replace("21:00", "20:04")], "for 10 minutes at least"),
    "overlap": (BERLIN, [MONDAY, MONDAY.replace("20:00", "20:59")], 'b: overlaps with "a"'),
    "overlap of single and weekly": (
        BERLIN,
        [MONDAY, "start = 2030-12-02T20:30:00\nend = 2030-12-02T23:00:00"],
        'b: overlaps with "a", as on 2030-12-02 20:30',
    ),
    "overlap in summer only": (
        BERLIN,
        [MONDAY, 'days = ["mon"]\nstart = 17:30:00\nend = 18:30:00\ntime_zone = "UTC"'],
        'a: overlaps with "b", as on 2027-03-29 20:00',
    ),
    "too close to stay on the air": (
        BERLIN,
        [MONDAY, "start = 2026-12-07T21:10:00\nend = 2026-12-07T22:00:00"],
        'b: begins too soon after "a", as on 2026-12-07 21:10: leave 15 minutes',
    ),
    "too long": (
        "stop_after_hours = 3\n" + BERLIN,
        [
            'days = ["mon"]\nstart = 18:00:00\nend = 20:00:00',
            'days = ["mon"]\nstart = 20:00:00\nend = 21:00:00',
        ],
        "b: would have the channel run for 3.1 hours",
    ),
    "too long on one day of the year": (
        "stop_after_hours = 12\n" + BERLIN,
        ['days = ["sat"]\nstart = 20:00:00\nend = 07:55:00'],
        "a: would have the channel run for 13.0 hours",
    ),
    "without a pause": (
        "stop_after_hours = 0\n" + BERLIN,
        [
            'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
            "start = 20:00:00\nend = 19:55:00"
        ],
        "for more than a week without a stop",
    ),
    "start is skipped": (
        BERLIN,
        ['days = ["sun"]\nstart = 03:04:00\nend = 05:00:00'],
        "start minus start_minutes_before (5) is 2027-03-28 02:59, and 2027-03-28 02:00-03:00 is "
        "skipped in Europe/Berlin",
    ),
    "end is skipped": (
        BERLIN,
        ['days = ["sat"]\nstart = 22:00:00\nend = 02:30:00'],
        "end is 2027-03-28 02:30",
    ),
    "end comes twice": (
        'time_zone = "America/Asuncion"\n',
        ["start = 2024-03-23T20:00:00\nend = 2024-03-23T23:30:00"],
        "2024-03-23 23:00-00:00 comes twice in America/Asuncion",
    ),
    "the same name": (
        BERLIN,
        [MONDAY + '\n[[schedule.shows]]\nname = "A"\n' + MONDAY],
        "schedule.shows.1: has the name of another show, except for case and hyphens",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_planned_is_refused_in_a_sentence(name: str) -> None:
    options, shows, says = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        stream_of(*shows, options=options)
    lines = validation_errors(refused.value, Stream, "stream.toml")
    assert says in "\n".join(lines)
    assert all("schedule" in line for line in lines)


def test_a_show_in_such_an_hour_may_be_given_in_utc() -> None:
    show = 'days = ["sat"]\nstart = 21:00:00\nend = 01:30:00\ntime_zone = "UTC"'
    (_, stop) = planned_of(stream_of(show).schedule.plan)
    assert (stop.expression, stop.zone.key) == ("cron(30 1 ? * SUN *)", "UTC")


def test_the_template_does_not_depend_on_the_date() -> None:
    one, other = (
        documents(assemble(stream_of(MONDAY, now=now))).json
        for now in (NOW, NOW + timedelta(days=300))
    )
    assert one == other


def test_the_template_says_when_the_shows_are() -> None:
    stream = stream_of(MONDAY, "start = 2026-12-24T20:00:00\nend = 2026-12-24T21:30:00")
    assert planned(document(assemble(stream))) == planned_of(stream.schedule.plan)


def test_the_summary_names_shows_hours_and_changes_of_the_clocks() -> None:
    stream = stream_of(MONDAY, "start = 2026-11-24T20:00:00\nend = 2026-11-24T21:30:00")
    lines = [": ".join(line) for line in summary_lines(document(assemble(stream)), NOW)]
    assert lines[0] == (
        "planned: start on Mon 2026-12-07 18:55 UTC, 19:55 in Europe/Berlin (a), then stop on Mon "
        "2026-12-07 20:00 UTC, 21:00 in Europe/Berlin (a)"
    )
    assert lines[1].startswith("planned: 4.7 hours a month on the air, at least $1")
    assert "2027-03-28 02:00-03:00 is skipped, 2027-10-31 02:00-03:00 comes twice" in lines[2]
    assert lines[3].startswith("warning: b has begun in the past: leave it out.")


def test_single_shows_count_in_the_month_to_come() -> None:
    soon = "start = 2026-12-24T20:00:00\nend = 2026-12-24T21:55:00"
    later = "start = 2027-12-24T20:00:00\nend = 2027-12-24T21:55:00"
    plan = planned_of(stream_of(soon, later).schedule.plan)
    assert hours_a_month(plan, NOW) == 2


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("minute", ["01:30", "02:15", "20:00"])
def test_generator_and_preview_agree_on_every_run_of_two_years(zone: str, minute: str) -> None:
    """Both apply the rules of EventBridge Scheduler, and neither uses the other's code."""
    stream = stream_of(
        'days = ["sat", "sun"]\nstart = 12:00:00\nend = 13:00:00',
        options=f'time_zone = "{zone}"\nstart_minutes_before = 0\n',
    )
    start, _ = planned_of(stream.schedule.plan)
    one = replace(start, at=time.fromisoformat(minute))
    end = NOW + timedelta(days=731)
    expected = [at.timestamp() for at in one.between(NOW, end)]
    found, after = [], NOW.timestamp()
    while (run := next_run(one.expression, zone, after)) and run < end.timestamp():
        found.append(run)
        after = run
    assert found == expected
    assert len(found) >= 205


def test_half_an_hour_may_be_skipped() -> None:
    found = clock_changes(ZoneInfo("Australia/Lord_Howe"), NOW, NOW + timedelta(days=365))
    assert [change.words for change in found] == [
        "2027-04-04 01:30-02:00 comes twice",
        "2027-10-03 02:00-02:30 is skipped",
    ]
