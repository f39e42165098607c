"""A channel stays on air as long as its operator wants, but no longer than `stop_after_hours`."""

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
from protected_stream.building import build
from protected_stream.template.emit import document
from tests.preview.operator import (
    ENCODER,
    PARAMETERS,
    copy_code,
    deployed,
    start_channel,
    stop_channel,
    template_in,
    today,
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

    @property
    def today(self) -> str:
        return today(self.account)

    def start(self) -> None:
        start_channel(self.account, self.channel)

    def stop(self) -> None:
        stop_channel(self.account, self.channel)

    def send(self, stream_key: str) -> None:
        """The encoder sends to every address in the outputs."""
        outputs = self.stack.outputs
        for name in (name for name in outputs if name.startswith("EncoderAddress")):
            self.account.media.send(f"{outputs[name]}/{stream_key}", ENCODER)

    def wait(self, seconds: float) -> None:
        self.account.events.pass_time(seconds)

    def update(self, template: dict[str, Any] | None = None, **parameters: str) -> None:
        self.stack.deploy(template or self.template, {**PARAMETERS, **parameters})

    def stream(self, **tables: Any) -> dict[str, Any]:
        """The template for another stream file."""
        return document(assemble(Stream.model_validate(tables)))

    def notices(self) -> list[str]:
        """The lines in the guard's log that report a stop."""
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
    """Checks that the channel stops in time, if it has just started."""
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


def test_the_operator_can_start_a_stopped_channel_at_any_time(on_air: Station) -> None:
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


def test_an_update_that_restarts_it_counts_as_a_start(on_air: Station) -> None:
    on_air.wait(LIMIT - HOUR)
    on_air.update(StopChannelToUpdate=on_air.today, StreamKey="another-key-for-tests")
    on_air.wait(START_SECONDS)
    stops_in_time(on_air)


def test_a_masked_stream_key_alone_neither_refuses_nor_stops(on_air: Station) -> None:
    on_air.account.masked.add(PARAMETERS["StreamKey"])
    for asked in (on_air.today, "No"):
        on_air.update(StopChannelToUpdate=asked)
        assert on_air.state == "RUNNING"


def test_another_stream_key_is_noticed_although_the_former_is_masked(on_air: Station) -> None:
    on_air.account.masked.add(PARAMETERS["StreamKey"])
    with pytest.raises(Rejected, match="is on air; stop it first, or deploy with"):
        on_air.update(StreamKey="another-key-for-tests")
    assert on_air.state == "RUNNING"
    on_air.update(StopChannelToUpdate=on_air.today, StreamKey="another-key-for-tests")
    on_air.wait(START_SECONDS)
    assert on_air.state == "RUNNING"
    on_air.send("another-key-for-tests")


def test_other_updates_do_not_count_as_starts(on_air: Station) -> None:
    on_air.wait(LIMIT - HOUR)
    on_air.update(on_air.stream(logs={"retention_days": 7}))
    with pytest.raises(Rejected, match="is on air"):
        on_air.update(StreamKey="another-key-for-tests")
    on_air.wait(HOUR - LOOK)
    assert on_air.state == "RUNNING"
    on_air.wait(2 * LOOK)
    assert on_air.state == "IDLE"


def test_the_next_check_compensates_for_a_lost_event(station: Station) -> None:
    station.account.media.start(station.channel)
    station.account.media.news()
    station.account.clock.skip(START_SECONDS)
    station.account.media.news()
    station.wait(LIMIT)
    assert station.state == "RUNNING"
    station.wait(2 * LOOK)
    assert station.state == "IDLE"


def test_a_clock_that_jumps_ahead_stops_it_at_the_next_check(on_air: Station) -> None:
    on_air.account.clock.skip(5 * DAY)
    on_air.wait(LOOK + STOP_SECONDS)
    assert on_air.state == "IDLE"


def test_a_clock_that_was_ahead_restarts_the_count(on_air: Station) -> None:
    """The recorded start is in the future."""
    parameters = on_air.account.client("ssm").describe_parameters()["Parameters"]
    (name,) = (one["Name"] for one in parameters if one["Name"].endswith("running-since"))
    ahead = str(int(on_air.account.clock.now() + DAY))
    on_air.account.client("ssm").put_parameter(
        Name=name, Value=ahead, Type="String", Overwrite=True
    )
    on_air.wait(LOOK)
    stops_in_time(on_air)


def test_the_encoders_networks_can_be_changed_on_the_air(on_air: Station) -> None:
    on_air.update(InputCidr="198.51.100.0/24")
    with pytest.raises(Rejected, match="does not accept a stream from"):
        on_air.send(PARAMETERS["StreamKey"])
    two = on_air.stream(ingest={"encoder_networks": 2})
    on_air.update(two, InputCidr="198.51.100.0/24", InputCidr2="203.0.113.0/24")
    on_air.send(PARAMETERS["StreamKey"])
    assert on_air.state == "RUNNING"


def test_another_limit_applies_immediately(on_air: Station) -> None:
    on_air.wait(2 * HOUR)
    on_air.update(on_air.stream(schedule={"stop_after_hours": 1}))
    on_air.wait(LOOK + STOP_SECONDS)
    assert on_air.state == "IDLE"


def test_without_a_limit_it_keeps_running(on_air: Station) -> None:
    on_air.update(on_air.stream(schedule={"stop_after_hours": 0}))
    on_air.account.clock.skip(30 * DAY)
    on_air.wait(2 * LOOK)
    assert on_air.state == "RUNNING"


def test_a_new_channel_starts_if_requested(built: Path) -> None:
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built), {**PARAMETERS, "StartChannel": "Yes"})
        assert account.media.state(stack.outputs["ChannelId"]) == "STARTING"


def test_start_channel_applies_only_at_creation(station: Station) -> None:
    station.update(StartChannel="Yes")
    station.wait(HOUR)
    assert station.state == "IDLE"


def is_idle(_: Station) -> None:
    """The initial state."""


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
def test_the_stack_can_be_deleted_in_any_channel_state(
    station: Station, bring: Callable[[Station], None]
) -> None:
    bring(station)
    station.stack.delete()
    look_for_leftovers(station.account, station.stack.outputs["KeptAfterDeletion"])


@pytest.fixture
def single(station: Station, tmp_path: Path) -> dict[str, Any]:
    """The template with a single pipeline."""
    stream = Stream.model_validate({"encoding": {"channel_class": "SINGLE_PIPELINE"}})
    build(stream, tmp_path, lambda _: None)
    copy_code(station.account, tmp_path)
    return template_in(tmp_path)


def test_another_channel_class_creates_a_new_channel_on_request(
    on_air: Station, single: dict[str, Any]
) -> None:
    old, addresses = on_air.channel, set(on_air.stack.outputs.values())
    with pytest.raises(Rejected, match=f"channel {old} is on air"):
        on_air.update(single)
    assert on_air.state == "RUNNING"
    on_air.update(single, StopChannelToUpdate=on_air.today)
    on_air.wait(START_SECONDS)
    assert on_air.channel != old
    assert on_air.state == "RUNNING"
    assert "Channel" not in on_air.account.resources.by_logical_id
    assert on_air.stack.outputs["EncoderAddressPrimary"] not in addresses
    assert "EncoderAddressBackup" not in on_air.stack.outputs
    on_air.send(PARAMETERS["StreamKey"])
    stops_in_time(on_air)
    on_air.update()
    on_air.wait(LOOK)
    assert on_air.state == "IDLE"


def test_a_start_channel_of_the_first_deployment_does_not_start_a_later_channel(
    station: Station, single: dict[str, Any]
) -> None:
    """The parameters file is kept, and an update to another channel class creates a channel."""
    old = station.channel
    station.update(single, StartChannel="Yes")
    station.wait(HOUR)
    assert station.channel != old
    assert station.state == "IDLE"
