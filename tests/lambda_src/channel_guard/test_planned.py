"""Channel guard of a stream with planned shows: it makes up for what an update prevented."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from channel_guard_with_shows.planned import PLANNED
from protected_stream.sections import shows
from tests.lambda_src.channel_guard.fake_medialive import (
    CHANNEL_ID,
    EVENT,
    FakeMediaLive,
    changed,
    request,
    simulated,
)
from tests.lambda_src.inlined import inlined
from tests.lambda_src.shared.simulated_time import START

NOTE = f"/channel-guard/live/{PLANNED}"
OWED = "/channel-guard/live/restart-owed"
SINCE = "/channel-guard/live/running-since"
HOUR = 3600
STARTED, STOPPED, NOTHING = "medialive:StartChannel", "medialive:StopChannel", ""
KEPT, FORGOTTEN = True, False


@pytest.fixture
def medialive() -> Iterator[FakeMediaLive]:
    """For the inline code, which is the only one."""
    with simulated(inlined("channel_guard_with_shows")) as made:
        made.status = "UPDATE_COMPLETE"
        yield made


def iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


# what is planned since an hour; the channel and when it started, in hours; the stack; whether a
# restart is owed; who asks: what is called, whether the note is kept
CASES = {
    "an idle channel is started for its show": (
        ("start", "IDLE", None, "UPDATE_COMPLETE", False, "aws.events"),
        (STARTED, KEPT),
    ),
    "after an update that failed, too": (
        ("start", "IDLE", None, "UPDATE_ROLLBACK_COMPLETE", False, "aws.cloudformation"),
        (STARTED, KEPT),
    ),
    "not while the update goes on": (
        ("start", "IDLE", None, "UPDATE_IN_PROGRESS", False, "aws.events"),
        (NOTHING, KEPT),
    ),
    "not while it may be rolled back": (
        ("start", "IDLE", None, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False, "aws.events"),
        (NOTHING, KEPT),
    ),
    "not in a loop, if the start fails": (
        ("start", "IDLE", -0.9, "UPDATE_COMPLETE", False, "aws.medialive"),
        (NOTHING, KEPT),
    ),
    "but again, if it has failed": (
        ("start", "IDLE", -0.9, "UPDATE_COMPLETE", False, "aws.events"),
        (STARTED, KEPT),
    ),
    "not if somebody stopped it who had started it before": (
        ("start", "IDLE", -1.1, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, FORGOTTEN),
    ),
    "which is noticed at once": (
        ("start", "STOPPING", -1.1, "UPDATE_COMPLETE", False, "aws.medialive"),
        (NOTHING, FORGOTTEN),
    ),
    "but if an update stopped it": (
        ("start", "IDLE", -1.1, "UPDATE_COMPLETE", True, "aws.events"),
        (STARTED, KEPT),
    ),
    "a starting channel is waited for": (
        ("start", "STARTING", -0.9, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, KEPT),
    ),
    "a running one is as planned": (
        ("start", "RUNNING", -1, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, FORGOTTEN),
    ),
    "a deleted one has no shows": (
        ("start", "DELETED", None, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, FORGOTTEN),
    ),
    "a channel that missed its stop is stopped": (
        ("stop", "RUNNING", -3, "UPDATE_COMPLETE", False, "aws.events"),
        (STOPPED, KEPT),
    ),
    "during an update, too": (
        ("stop", "RUNNING", -3, "UPDATE_IN_PROGRESS", False, "aws.medialive"),
        (STOPPED, KEPT),
    ),
    "not one that somebody started since": (
        ("stop", "RUNNING", -0.5, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, FORGOTTEN),
    ),
    "a starting one is stopped once it runs": (
        ("stop", "STARTING", -1, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, KEPT),
    ),
    "an idle one is as planned": (
        ("stop", "IDLE", -3, "UPDATE_COMPLETE", False, "aws.events"),
        (NOTHING, FORGOTTEN),
    ),
    "and is not restarted after an update": (
        ("stop", "IDLE", -3, "UPDATE_COMPLETE", True, "aws.cloudformation"),
        (NOTHING, FORGOTTEN),
    ),
    "which is remembered until the update has ended": (
        ("stop", "IDLE", -3, "UPDATE_IN_PROGRESS", True, "aws.medialive"),
        (NOTHING, KEPT),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_channel_becomes_as_planned(medialive: FakeMediaLive, name: str) -> None:
    (act, state, since, status, is_owed, source), (called, is_kept) = CASES[name]
    medialive.status, medialive.states = status, [state]
    medialive.parameters[NOTE] = f"{act} {iso(START - HOUR)}"
    if since is not None:
        medialive.parameters[SINCE] = str(int(START + since * HOUR))
    if is_owed:
        medialive.parameters[OWED] = CHANNEL_ID
    medialive.run({**EVENT, "source": source})
    acts = [call for call in medialive.calls if call in (STARTED, STOPPED)]
    assert acts == ([called] if called else [])
    assert (NOTE in medialive.parameters) == is_kept
    # of what is planned to be stopped, no restart is owed once the stack is at rest
    assert (OWED in medialive.parameters) == (is_owed and is_kept)


def test_a_start_by_hand_that_the_event_tells_of_counts(medialive: FakeMediaLive) -> None:
    medialive.parameters[NOTE] = f"stop {iso(START - HOUR)}"
    medialive.parameters[SINCE] = str(int(START - 3 * HOUR))
    medialive.states = ["STARTING"]
    event = {"source": "aws.medialive", "time": iso(START - 1), "detail": {"state": "STARTING"}}
    medialive.run({**EVENT, **event})
    assert NOTE not in medialive.parameters


@pytest.mark.parametrize("text", ["stop", "start x", "stop 2026-13-01", "x 2026-12-01T20:00:00Z"])
def test_a_note_that_says_nothing_starts_and_stops_nothing(
    medialive: FakeMediaLive, text: str
) -> None:
    """Anyone with access can write to Parameter Store. A start has no time that matters."""
    medialive.parameters.update({NOTE: text, SINCE: str(int(START - HOUR))})
    medialive.run(EVENT)
    assert not {STARTED, STOPPED} & {*medialive.calls}
    assert NOTE not in medialive.parameters


def test_it_does_all_else_as_without_shows(medialive: FakeMediaLive) -> None:
    medialive.parameters[SINCE] = str(int(START - 13 * HOUR))
    medialive.run(EVENT)
    assert STOPPED in medialive.calls
    medialive.status = "UPDATE_IN_PROGRESS"
    medialive.states = ["RUNNING"]
    assert "is on air" in medialive.ask("Update", **changed())["Reason"]


@pytest.mark.parametrize("kind", ["Create", "Delete"])
def test_a_note_of_another_stack_is_forgotten(medialive: FakeMediaLive, kind: str) -> None:
    medialive.status = f"{kind.upper()}_IN_PROGRESS"
    medialive.parameters[NOTE] = f"start {iso(START - HOUR)}"
    medialive.run(request(kind))
    assert medialive.letters.pop()["Status"] == "SUCCESS"
    assert medialive.parameters == {}


def test_scheduler_writes_the_note_that_the_guard_reads() -> None:
    note = shows._note("stop").to_dict()["Fn::Sub"]
    assert json.loads(note)["Name"].endswith(f"/{PLANNED}")
    assert json.loads(note)["Value"] == "stop <aws.scheduler.scheduled-time>"
