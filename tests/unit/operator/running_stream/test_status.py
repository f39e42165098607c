"""`protected-stream status`."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from channel_guard import account, guard
from protected_stream.cli.exit_status import CLEAN
from protected_stream.operator.channel import (
    CHANGING,
    ON_AIR,
    OWED,
    SINCE,
    STARTING,
    dates_that_count,
)
from protected_stream.operator.clock import Clock
from protected_stream.reading.consequences import GUARD, GUARD_COMPARES, STOP_TO_UPDATE
from protected_stream.template.troposphere_ext import CALL, ChannelGuard
from shared.errors import Failure
from tests.unit.operator.running_stream.conftest import Deployed
from tests.unit.operator.running_stream.stream import STREAM_KEY


def known(deployed: Deployed) -> Any:
    """What the command prints for programs."""
    said = deployed.run("status --json")
    assert said.status == CLEAN, said.err
    return json.loads(said.out)


def test_names_and_states_are_those_of_the_channel_guard() -> None:
    assert (SINCE, OWED) == (account.SINCE, account.OWED)
    assert (ON_AIR, CHANGING) == (account.RUNNING, account.CHANGING)
    assert (STARTING, *ON_AIR) == account.ON_AIR
    assert ChannelGuard.resource_type == GUARD
    assert set(ChannelGuard.props) == {*CALL, *GUARD_COMPARES, STOP_TO_UPDATE}


def test_a_date_counts_as_long_as_for_the_channel_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in range(24):
        now = 1_796_083_200.0 + 3600 * hour
        clock = Clock(now=partial(float, now))
        monkeypatch.setattr("time.time", clock.now)
        counted = dates_that_count(clock)
        for date in ("2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "No"):
            assert _is_accepted(date) == (date in counted), (hour, date)


def _is_accepted(date: str) -> bool:
    try:
        guard._check_date("1234567", date)
    except Failure:
        return False
    return True


def test_an_idle_channel_costs_nothing(live: Deployed) -> None:
    channel = known(live)["channel"]
    assert channel["state"] == "IDLE"
    assert not any(channel[name] for name in ("since", "dollars_on_air", "stops", "alerts"))


def test_a_show_has_a_beginning_a_cost_and_an_end(live: Deployed) -> None:
    live.stream.is_on_air()
    channel = known(live)["channel"]
    assert channel["since"] == "2026-11-30T18:00:00+00:00"
    assert channel["hours_on_air"] == 2
    assert channel["dollars_on_air"] == pytest.approx(6.82, abs=0.01)
    assert channel["stops"] == "2026-12-01T06:00:00+00:00"
    said = live.run("status").out
    assert "since 2026-11-30 18:00 UTC, 2.0 hours, at least $6.8" in said
    assert "alert\tpipeline 0: Video Not Detected: no video" in said


def test_a_running_channel_without_a_note_is_on_the_air(live: Deployed) -> None:
    live.stream.channel_state = "RUNNING"
    assert "since when is not noted yet" in live.run("status").out


def test_a_clock_that_is_slow_makes_no_negative_cost(live: Deployed) -> None:
    """The operator's machine, compared with AWS."""
    live.stream.is_on_air()
    live.stream.notes["running-since"] = str(int(live.stream.time) + 60)
    channel = known(live)["channel"]
    assert (channel["hours_on_air"], channel["dollars_on_air"]) == (0, 0)
    assert "0.0 hours, at least $0.00" in live.run("status").out


def test_an_owed_restart_is_reported(live: Deployed) -> None:
    live.stream.notes["restart-owed"] = "1234567"
    assert "owed: the channel guard starts the channel" in live.run("status").out
    live.stream.channel_state = "STARTING"
    assert "begun: the channel guard has started the channel" in live.run("status").out


def test_the_next_planned_start_and_stop_are_reported(deploy: Callable[..., Deployed]) -> None:
    live = deploy("weekly-show")
    found = known(live)["planned"]
    assert found["next_stop"] == "2026-11-30T21:00:00+00:00"
    assert found["next_start"] == "2026-12-01T18:50:00+00:00"
    said = live.run("status").out
    assert "planned\tstop on Mon 2026-11-30 21:00 UTC, 22:00 in Europe/Berlin (jazz), then" in said
    assert "then start on Tue 2026-12-01 18:50 UTC, 19:50 in Europe/Berlin (jazz)" in said


@pytest.mark.parametrize(
    ("example", "mode", "age"),
    [
        ("default", "managed", 10),
        ("supplied", "supplied", 5),
        ("trusted-signer", "trusted-signer", 5),
        ("kms", "kms", None),
        ("mode-change", "managed", 10),
    ],
)
def test_the_signing_key_has_an_age(
    deploy: Callable[..., Deployed], example: str, mode: str, age: int | None
) -> None:
    key = known(deploy(example))["key"]
    assert (key["mode"], key["age_days"]) == (mode, age)


@pytest.mark.parametrize(
    "example", ["default", "kms", "existing-pool", "existing-s3", "srt-caller"]
)
def test_it_shows_addresses_and_no_secret(deploy: Callable[..., Deployed], example: str) -> None:
    deployed = deploy(example)
    deployed.stream.is_on_air()
    said = deployed.run("status")
    assert said.status == CLEAN
    assert "https://watchaddress" in said.out
    assert STREAM_KEY not in said.out
    assert ("RUNNING" in said.out) == ("AWS::MediaLive::Channel" in str(deployed.stream.template))


def test_without_alarms_nothing_is_said_of_them(live: Deployed) -> None:
    assert known(live)["alarms"] is None
    assert "alarm" not in live.run("status").out


def test_an_address_that_has_not_confirmed_is_named(deploy: Callable[..., Deployed]) -> None:
    watched = deploy("alarms")
    assert "operator@example.com has not confirmed yet" in watched.run("status").out
    watched.stream.confirmed.add("operator@example.com")
    assert "has not confirmed" not in watched.run("status").out
    assert known(watched)["alarms"] == {"confirmed": 1, "pending": [], "ringing": []}


def test_alarms_that_ring_are_listed_with_what_to_do_first(
    deploy: Callable[..., Deployed],
) -> None:
    """Not the states that only composite alarms read, unless one that rings is made of them."""
    watched = deploy("alarms")
    watched.stream.ringing = ["AlarmPackagerIdle", "AlarmStoppedByGuard"]
    said = watched.run("status").out
    assert "AlarmStoppedByGuard: The channel guard stopped the channel" in said
    assert "First: " in said
    assert "AlarmPackagerIdle" not in said
    watched.stream.ringing = ["AlarmNothingArrives", "AlarmPackagerIdle"]
    names = [one["name"] for one in known(watched)["alarms"]["ringing"]]
    assert names == ["AlarmNothingArrives", "AlarmPackagerIdle"]
