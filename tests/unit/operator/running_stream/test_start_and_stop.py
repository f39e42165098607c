"""`protected-stream start` and `stop`."""

from collections.abc import Callable

import pytest

from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, DECLINED, INTERRUPTED
from tests.unit.operator.running_stream.aws import refuse
from tests.unit.operator.running_stream.conftest import Deployed

START, STOP = "medialive:StartChannel", "medialive:StopChannel"


def test_start_says_what_it_costs_and_waits_until_the_channel_runs(live: Deployed) -> None:
    said = live.run("start")
    assert (said.status, live.stream.channel_state) == (CLEAN, "RUNNING")
    assert live.aws.actions.count(START) == 1
    assert "at least $3.41 an hour" in said.err
    left_out = "Not included, as no published price is known here (docs/cost.md): 1 audio output."
    assert f"). {left_out} It is stopped after 12 hours." in said.err
    assert said.err.count("channel 1234567: STARTING, usually for a minute or two\n") == 1
    assert "The channel 1234567 is running. Viewers watch at https://watchaddress" in said.out


def test_stop_waits_until_the_channel_is_idle(live: Deployed) -> None:
    live.stream.is_on_air()
    said = live.run("stop --yes")
    assert (said.status, live.stream.channel_state) == (CLEAN, "IDLE")
    assert live.aws.actions.count(STOP) == 1


def test_stop_asks_first(live: Deployed) -> None:
    live.stream.is_on_air()
    said = live.run("stop")
    assert said.status == DECLINED
    assert "takes the show off the air" in said.err
    assert STOP not in live.aws.actions


@pytest.mark.parametrize(
    ("command", "state", "calls"),
    [
        *(("start", "RUNNING", 0), ("start", "STARTING", 0), ("start", "STOPPING", 1)),
        *(("stop --yes", "IDLE", 0), ("stop", "STOPPING", 0), ("stop --yes", "STARTING", 1)),
    ],
)
def test_what_is_under_way_is_waited_for(
    live: Deployed, command: str, state: str, calls: int
) -> None:
    live.stream.channel_state = state
    end = {"STARTING": "RUNNING", "STOPPING": "IDLE"}.get(state, state)
    live.stream.changes_at = [(live.stream.time + 20, end)]
    assert live.run(command).status == CLEAN
    assert len({START, STOP} & {*live.aws.actions}) == calls


@pytest.mark.parametrize("command", ["start", "stop --yes"])
@pytest.mark.parametrize("example", ["existing-s3", "existing-mediapackage-v2"])
def test_a_stream_from_elsewhere_has_no_channel(
    deploy: Callable[..., Deployed], example: str, command: str
) -> None:
    said = deploy(example).run(command)
    assert said.status == AWS_REFUSED
    assert 'packaging.mode = "existing"' in said.err


def test_a_channel_is_not_started_during_an_update(live: Deployed) -> None:
    live.stream.status = "UPDATE_IN_PROGRESS"
    said = live.run("start")
    assert said.status == AWS_REFUSED
    assert "UPDATE_IN_PROGRESS" in said.err
    assert START not in live.aws.actions


@pytest.mark.parametrize("states", [["STARTING", "IDLE"], ["IDLE"], ["DELETED"]])
def test_a_start_that_fails_is_reported(
    live: Deployed, monkeypatch: pytest.MonkeyPatch, states: list[str]
) -> None:
    def start(_: object) -> dict[str, str]:
        live.stream.changes_at = [
            (live.stream.time + 10 * seconds, state) for seconds, state in enumerate(states)
        ]
        return {"State": "STARTING"}

    monkeypatch.setattr(live.stream, "medialive_start_channel", start)
    said = live.run("start")
    assert said.status == AWS_REFUSED
    assert "has not started" in said.err


def test_a_channel_that_never_runs_is_not_waited_for_forever(live: Deployed) -> None:
    live.stream.channel_state = "STARTING"
    said = live.run("start")
    assert said.status == AWS_REFUSED
    assert "is still STARTING after 15 minutes" in said.err


@pytest.mark.parametrize("command", ["start", "stop --yes"])
def test_ctrl_c_while_waiting_says_what_goes_on(live: Deployed, command: str) -> None:
    if command != "start":
        live.stream.is_on_air()
    live.run(command)
    waits_at = max(live.aws.actions.index(one) for one in (START, STOP) if one in live.aws.actions)
    live.stream.changes_at = []
    live.stream.channel_state = "IDLE" if command == "start" else "RUNNING"
    live.aws.calls.clear()
    live.aws.interrupted_at = waits_at + 2
    said = live.run(command)
    assert said.status == INTERRUPTED
    assert "`protected-stream status` says how the channel is" in said.err


def test_a_refused_start_is_explained(live: Deployed) -> None:
    live.aws.failures[START] = refuse("ConflictException", "Channel 1234567 is being changed")
    said = live.run("start")
    assert said.status == AWS_REFUSED
    assert "AWS refused to start the channel 1234567: Channel 1234567 is being changed" in said.err
