"""A channel is on the air as long as its operator wants it, and no longer than the bill allows."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from preview.services.media import START_SECONDS, STOP_SECONDS
from protected_stream import Stream, assemble
from protected_stream.build import build
from protected_stream.template.emit import document
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    start_channel,
    stop_channel,
    template_in,
)
from tests.preview.scenario import look_for_leftovers

MINUTE, HOUR, DAY = 60, 3600, 86_400
LIMIT = 12 * HOUR
LOOK = 15 * MINUTE


class Station:
    """A stack and its channel."""

    def __init__(self, account: Account, template: dict[str, Any]) -> None:
        self.account, self.template = account, template
        self.stack: Stack = deployed(account, template)

    @property
    def channel(self) -> str:
        return self.stack.outputs["ChannelId"]

    @property
    def state(self) -> str:
        return self.account.media.state(self.channel)

    def start(self) -> None:
        start_channel(self.account, self.channel)

    def stop(self) -> None:
        stop_channel(self.account, self.channel)

    def wait(self, seconds: float) -> None:
        self.account.events.pass_time(seconds)

    def update(self, template: dict[str, Any] | None = None, **parameters: str) -> None:
        self.stack.deploy(template or self.template, {**PARAMETERS, **parameters})

    def stream(self, **tables: Any) -> dict[str, Any]:
        """The template of another stream file."""
        return document(assemble(Stream.model_validate(tables)))

    def notices(self) -> list[str]:
        """The lines of the guard's log that tell of a stop."""
        group = self.account.resources.by_logical_id["ChannelGuardFunctionLog"].ref
        events = self.account.client("logs").filter_log_events(logGroupName=group)["events"]
        return [one["message"] for one in events if "stop_after_hours" in one["message"]]


@pytest.fixture
def station(built: Path) -> Iterator[Station]:
    with Account() as account:
        copy_code(account, built)
        yield Station(account, template_in(built))
        assert account.events.lost == []
        assert all(call.allowed for call in account.aws.calls)


@pytest.fixture
def on_air(station: Station) -> Station:
    station.start()
    return station


def stops_in_time(station: Station) -> None:
    """It has begun to count a moment ago."""
    station.wait(LIMIT - LOOK)
    assert station.state == "RUNNING"
    station.wait(2 * LOOK)
    assert station.state == "IDLE"


def test_a_forgotten_channel_is_stopped_with_a_notice(on_air: Station) -> None:
    stops_in_time(on_air)
    (notice,) = on_air.notices()
    line = json.loads(json.loads(notice)["message"])
    assert line["channel"] == on_air.channel
    assert 720 <= line["minutes"] < 740
    assert json.loads(notice)["level"] == "WARNING"


def test_a_stopped_channel_starts_whenever_its_operator_likes(on_air: Station) -> None:
    stops_in_time(on_air)
    on_air.start()
    stops_in_time(on_air)
    assert len(on_air.notices()) == 2


@pytest.mark.parametrize("age", [HOUR, LIMIT - MINUTE * 5])
def test_time_counts_from_the_last_start(on_air: Station, age: float) -> None:
    on_air.wait(age)
    on_air.stop()
    on_air.start()
    stops_in_time(on_air)


def test_an_update_that_restarts_it_is_a_start(on_air: Station) -> None:
    on_air.wait(LIMIT - HOUR)
    on_air.update(StopChannelToUpdate="Yes", StreamKey="another-key-for-tests")
    on_air.wait(START_SECONDS)
    stops_in_time(on_air)


def test_other_updates_do_not_count_as_starts(on_air: Station) -> None:
    on_air.wait(LIMIT - HOUR)
    on_air.update(on_air.stream(logs={"retention_days": 7}))
    with pytest.raises(Rejected, match="is on air"):
        on_air.update(StreamKey="another-key-for-tests")
    on_air.wait(HOUR - LOOK)
    assert on_air.state == "RUNNING"
    on_air.wait(2 * LOOK)
    assert on_air.state == "IDLE"


def test_a_lost_event_is_made_good_by_the_next_look(station: Station) -> None:
    station.account.media.start(station.channel)
    station.account.media.news()
    station.account.clock.skip(START_SECONDS)
    station.account.media.news()
    station.wait(LIMIT)
    assert station.state == "RUNNING"
    station.wait(2 * LOOK)
    assert station.state == "IDLE"


def test_a_clock_that_jumps_ahead_stops_it_at_the_next_look(on_air: Station) -> None:
    on_air.account.clock.skip(5 * DAY)
    on_air.wait(LOOK + STOP_SECONDS)
    assert on_air.state == "IDLE"


def test_a_clock_that_was_ahead_begins_to_count_anew(on_air: Station) -> None:
    """What was noted lies in the future."""
    parameters = on_air.account.client("ssm").describe_parameters()["Parameters"]
    (name,) = (one["Name"] for one in parameters if one["Name"].endswith("running-since"))
    ahead = str(int(on_air.account.clock.now() + DAY))
    on_air.account.client("ssm").put_parameter(
        Name=name, Value=ahead, Type="String", Overwrite=True
    )
    on_air.wait(LOOK)
    stops_in_time(on_air)


def test_another_limit_counts_at_once(on_air: Station) -> None:
    on_air.wait(2 * HOUR)
    on_air.update(on_air.stream(schedule={"stop_after_hours": 1}))
    on_air.wait(LOOK + STOP_SECONDS)
    assert on_air.state == "IDLE"


def test_without_a_limit_it_runs_on(on_air: Station) -> None:
    on_air.update(on_air.stream(schedule={"stop_after_hours": 0}))
    on_air.account.clock.skip(30 * DAY)
    on_air.wait(2 * LOOK)
    assert on_air.state == "RUNNING"


def test_a_new_channel_starts_when_that_is_asked(built: Path) -> None:
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built), {**PARAMETERS, "StartChannel": "Yes"})
        assert account.media.state(stack.outputs["ChannelId"]) == "STARTING"


def test_the_word_counts_at_creation_only(station: Station) -> None:
    station.update(StartChannel="Yes")
    station.wait(HOUR)
    assert station.state == "IDLE"


def is_idle(_: Station) -> None:
    """As it was made."""


def is_starting(station: Station) -> None:
    station.account.media.start(station.channel)


def is_running(station: Station) -> None:
    station.start()


def is_stopping(station: Station) -> None:
    station.start()
    station.account.media.stop(station.channel)


def is_gone(station: Station) -> None:
    station.account.media.gone.add(station.channel)


@pytest.mark.parametrize("bring", [is_idle, is_starting, is_running, is_stopping, is_gone])
def test_the_stack_is_deleted_whatever_the_channel_does(
    station: Station, bring: Callable[[Station], None]
) -> None:
    bring(station)
    station.stack.delete()
    look_for_leftovers(station.account, station.stack.outputs["KeptAfterDeletion"])


@pytest.fixture
def single(station: Station, tmp_path: Path) -> dict[str, Any]:
    """The template of one pipeline."""
    stream = Stream.model_validate({"encoding": {"channel_class": "SINGLE_PIPELINE"}})
    build(stream, tmp_path, lambda _: None)
    copy_code(station.account, tmp_path)
    return template_in(tmp_path)


def test_another_class_is_a_new_channel_that_is_asked_for(
    on_air: Station, single: dict[str, Any]
) -> None:
    old = on_air.channel
    with pytest.raises(Rejected, match=f"channel {old} is on air"):
        on_air.update(single)
    assert on_air.state == "RUNNING"
    on_air.update(single, StopChannelToUpdate="Yes")
    on_air.wait(START_SECONDS)
    assert on_air.channel != old
    assert on_air.state == "RUNNING"
    assert "Channel" not in on_air.account.resources.by_logical_id
    stops_in_time(on_air)
    on_air.update()
    on_air.wait(LOOK)
    assert on_air.state == "IDLE"
