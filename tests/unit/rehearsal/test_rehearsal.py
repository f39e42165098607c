"""`protected-stream verify --rehearsal`: its steps, costs, refusals, and how it ends."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from protected_stream.cli.exit_status import (
    AWS_REFUSED,
    CLEAN,
    DECLINED,
    FINDINGS,
    INTERRUPTED,
    NOTHING_WRITTEN,
)
from protected_stream.cli.main import main
from protected_stream.rehearsal.steps import STEPS
from tests.conftest import CHECKOUT
from tests.template.test_deployer_policy import allows
from tests.unit.operator.deploying.test_deploy import permission
from tests.unit.operator.running_stream.aws import Refused, lose_network, refuse
from tests.unit.operator.running_stream.stream import CHANNEL
from tests.unit.operator.running_stream.test_operator_policy import WITHOUT_PERMISSION, policy
from tests.unit.rehearsal.conftest import EVIDENCE, VALUES, Rehearsal, change_sets

Rehearse = Callable[..., Rehearsal]
START, STOP = "medialive:StartChannel", "medialive:StopChannel"
ALL = [step.id for step in STEPS]
AT_REST = ("", "IDLE")
"""A channel that costs no more than an idle one, or is gone."""


def test_every_step_is_good_if_aws_does_as_is_assumed(rehearse: Rehearse) -> None:
    rehearsal = rehearse(terminal=True)
    assert rehearsal.run() == CLEAN, rehearsal.said
    assert rehearsal.states == dict.fromkeys(ALL, "good")
    assert rehearsal.account.status is None
    assert rehearsal.evidence["channel"] == "The channel is deleted."
    assert rehearsal.evidence["date"].startswith("2026-11-30T20:00")
    assert STOP not in rehearsal.aws.actions, "the deletion itself must stop the channel"
    check, create, date, cidr = change_sets(rehearsal)
    assert check == create
    assert (create["StartChannel"], create["StopChannelToUpdate"]) == ("No", "No")
    assert date == {**create, "StopChannelToUpdate": "2026-11-30"}
    assert cidr == {**date, "InputCidr": "203.0.113.7/32"}


def test_the_policies_of_deployer_and_operator_allow_it(rehearse: Rehearse) -> None:
    rehearsal = rehearse()
    rehearsal.account.falls_back = True
    rehearsal.run()
    EVIDENCE.unlink()
    rehearsal.account.falls_back, rehearsal.account.before_execution = False, _interrupt
    assert rehearsal.run() == INTERRUPTED
    called = {permission(action) for action in rehearsal.aws.actions}
    policies = [policy(f"{name}-policy") for name in ("deployer", "operator")]
    assert {
        action for action in called if not any(allows(one, action) for one in policies)
    } == WITHOUT_PERMISSION
    assert {STOP, "ssm:GetParameters", "pricingplanmanager:ListSubscriptions"} <= called


def test_without_a_terminal_nobody_looks(rehearse: Rehearse) -> None:
    rehearsal = rehearse("single-pipeline")
    assert rehearsal.run("--yes") == CLEAN, rehearsal.said
    left_out = {"cidr", "redundancy"}
    assert rehearsal.states == {step: "not tried" if step in left_out else "good" for step in ALL}
    assert "the channel has one pipeline" in rehearsal.step("redundancy")["reason"]
    looks = [look for step in rehearsal.evidence["steps"] for look in step["looks"]]
    assert len(looks) == 4
    assert {look["answer"] for look in looks} == {"not looked"}


def test_a_stream_from_elsewhere_has_no_channel_to_rehearse(rehearse: Rehearse) -> None:
    rehearsal = rehearse("existing-s3")
    rehearsal.run("--yes")
    assert rehearsal.step("on-air")["reason"] == "the stack has no channel"
    assert START not in rehearsal.aws.actions


def test_it_asks_before_each_cost(rehearse: Rehearse) -> None:
    rehearsal = rehearse(terminal=True)
    assert rehearsal.run("--input-cidr 203.0.113.7/32") == CLEAN
    assert len([one for one in rehearsal.prompts if one.startswith("Go on?")]) == len(ALL) - 1
    assert "Off the air it costs at least $0.0005 an hour" in rehearsal.said
    assert rehearsal.said.count("On the air it costs at least $3.41 an hour") == 4
    assert "Start pushing to rtmp://192.0.2.1:1935/primary." in rehearsal.said


@pytest.mark.parametrize("step", ALL[1:])
def test_what_is_declined_is_not_tried(rehearse: Rehearse, step: str) -> None:
    rehearsal = rehearse(terminal=True)
    title = next(one.title for one in STEPS if one.id == step)
    agrees = rehearsal.answer

    def declines(prompt: str) -> str:
        return "n" if f"{title}? " in _last_line(rehearsal) else agrees(prompt)

    rehearsal.answers = declines
    assert rehearsal.run("--input-cidr 203.0.113.7/32") == FINDINGS
    assert rehearsal.step(step)["reason"] == "you declined"
    assert (START in rehearsal.aws.actions) == (step not in ("create", "on-air"))
    assert rehearsal.account.comes_to_rest() in AT_REST
    assert ("destroy --out build" in rehearsal.said) == (step == "delete")


def _last_line(rehearsal: Rehearsal) -> str:
    rehearsal.catch_up()
    return rehearsal.said.rstrip().rpartition("\n")[2]


# Refusals, before anything is done


@pytest.mark.parametrize(
    ("line", "status", "sentence"),
    [
        ("--yes --stack other", NOTHING_WRITTEN, "the template in build is that of live"),
        ("", DECLINED, "there is no terminal to ask on: add --yes"),
        ("--yes --as-operator", NOTHING_WRITTEN, "--as-operator: not with --rehearsal"),
        ("--yes --out nowhere", NOTHING_WRITTEN, "there is no such file"),
        ("--yes --evidence parameters-live.json", NOTHING_WRITTEN, "exists already"),
        ("--yes --evidence build/template.json/x", NOTHING_WRITTEN, "cannot be written"),
        ("--yes --input-cidr 198.51.100.0/24", NOTHING_WRITTEN, "has no address of the present"),
        ("--yes --input-cidr 203.0.113.0/33", NOTHING_WRITTEN, "must be an IPv4 range"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(
    rehearse: Rehearse, line: str, status: int, sentence: str
) -> None:
    rehearsal = rehearse()
    assert rehearsal.run(line) == status
    assert sentence in rehearsal.said
    assert not EVIDENCE.exists()
    assert "cloudformation:CreateChangeSet" not in rehearsal.aws.actions


def test_missing_values_are_refused(rehearse: Rehearse) -> None:
    rehearsal = rehearse()
    Path("parameters-live.json").write_text(json.dumps([f"InputCidr={VALUES['InputCidr']}"]))
    assert rehearsal.run() == NOTHING_WRITTEN
    assert "name one with --bucket" in rehearsal.said


@pytest.mark.parametrize(
    ("change_set", "status", "sentence"),
    [
        ("protected-stream-0a1b", "CREATE_COMPLETE", "something else than a rehearsal"),
        ("", "CREATE_COMPLETE", "something else than a rehearsal"),
        ("protected-stream-rehearsal-0a", "UPDATE_IN_PROGRESS", "an operation is in progress"),
    ],
)
def test_another_stack_is_left_alone(
    rehearse: Rehearse, change_set: str, status: str, sentence: str
) -> None:
    rehearsal = rehearse()
    rehearsal.account.status, rehearsal.account.last_change_set = status, change_set
    assert rehearsal.run() == AWS_REFUSED
    assert sentence in rehearsal.said
    assert {*rehearsal.aws.actions} == {"sts:GetCallerIdentity", "cloudformation:DescribeStacks"}
    assert not EVIDENCE.exists()


@pytest.mark.parametrize(
    "option", ["--yes", "--input-cidr 203.0.113.7/32", "--evidence a.json", "--create-bucket"]
)
def test_its_options_are_for_it_only(
    rehearse: Rehearse, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rehearse()
    assert main(["verify", *option.split()]) == NOTHING_WRITTEN
    assert f"{option.split(maxsplit=1)[0]}: only with --rehearsal." in capsys.readouterr().err


# How it ends


def test_it_can_be_interrupted_at_any_request(rehearse: Rehearse) -> None:
    """Whatever happens in the next hour, the channel is idle or gone, and what is known is kept."""
    rehearsal = rehearse("single-pipeline")
    rehearsal.run()
    actions = rehearsal.aws.actions
    first = actions.index("cloudformation:CreateChangeSet")
    for number in _ends_of_repetitions(actions)[::2]:
        EVIDENCE.unlink(missing_ok=True)
        rehearsal.begin_again()
        rehearsal.aws.interrupted_at = number
        assert rehearsal.run() == INTERRUPTED, (number, actions[number])
        assert rehearsal.account.comes_to_rest() in AT_REST, (number, actions[number])
        if number > first:
            good = [one for one in ALL if rehearsal.states[one] == "good"]
            assert [one for one in ALL if one != "redundancy"][: len(good)] == good


def _ends_of_repetitions(actions: list[str]) -> list[int]:
    """The places of all actions, except those between two of the same kind."""
    return [
        place
        for place, action in enumerate(actions)
        if {action} != {*actions[max(place - 1, 0) : place + 2]} or place == 0
    ]


def test_it_can_be_interrupted_while_it_waits(rehearse: Rehearse) -> None:
    rehearsal, waits = rehearse("single-pipeline"), 0

    def wait() -> None:
        nonlocal waits
        waits += 1

    rehearsal.account.on_sleep = wait
    rehearsal.run()
    for number in range(0, waits, 4):
        EVIDENCE.unlink()
        rehearsal.begin_again()
        left = [None] * number

        def interrupt(left: list[None] = left) -> None:
            if not left:
                rehearsal.account.on_sleep = lambda: None
                raise KeyboardInterrupt
            left.pop()

        rehearsal.account.on_sleep = interrupt
        assert rehearsal.run() == INTERRUPTED, number
        assert rehearsal.account.comes_to_rest() in AT_REST, number


def test_a_start_that_is_not_visible_yet_is_stopped_too(
    rehearse: Rehearse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after MediaLive has got the request, and before its answer."""
    rehearsal = rehearse()
    start = rehearsal.account.medialive_StartChannel

    def interrupted(asked: dict[str, str]) -> NoReturn:
        start(asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(rehearsal.account, "medialive_StartChannel", interrupted)
    assert rehearsal.run() == INTERRUPTED
    assert rehearsal.account.comes_to_rest() == "IDLE"
    assert rehearsal.evidence["channel"] == "The channel is IDLE."


@pytest.mark.parametrize("update_seconds", [10, 200])
def test_a_restart_by_the_guard_is_waited_for_and_stopped(
    rehearse: Rehearse, update_seconds: int
) -> None:
    """Ctrl-C during an update for which the guard has stopped the channel."""
    rehearsal = rehearse()
    account, stream = rehearsal.account, rehearsal.account.stream

    def stops_it(_: object) -> NoReturn:
        account.stop_for_update()
        account.status, begin = "UPDATE_IN_PROGRESS", stream.time
        stream.notes["restart-owed"] = CHANNEL

        def later() -> None:
            if stream.time > begin + update_seconds:
                account.status = "UPDATE_COMPLETE"
            if stream.time > begin + 120:
                stream.notes.clear()

        account.on_sleep = later
        raise KeyboardInterrupt

    account.before_execution = stops_it
    assert rehearsal.run() == INTERRUPTED
    assert account.comes_to_rest() == "IDLE"
    assert STOP in rehearsal.aws.actions


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_stops_the_channel_when_the_terminal_is_closed(
    rehearse: Rehearse, number: signal.Signals
) -> None:
    rehearsal, ignored = rehearse(), []

    def close(_: object) -> str:
        os.kill(os.getpid(), number)
        return ""

    rehearsal.account.before_execution = close
    former = signal.signal(number, lambda *_: ignored.append(number))
    try:
        assert rehearsal.run() == INTERRUPTED
        assert rehearsal.account.comes_to_rest() == "IDLE"
        os.kill(os.getpid(), number)
    finally:
        signal.signal(number, former)
    assert ignored == [number], "the former handler is back"


def test_a_fault_of_its_own_stops_the_channel_too(rehearse: Rehearse) -> None:
    rehearsal = rehearse()

    def fault(_: object) -> NoReturn:
        raise RuntimeError("a fault")

    rehearsal.account.before_execution = fault
    with pytest.raises(RuntimeError, match="a fault"):
        rehearsal.run()
    assert rehearsal.account.comes_to_rest() == "IDLE"
    assert rehearsal.step("date")["reason"] == "the step was interrupted: a fault"


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_stop_that_aws_refuses_is_tried_again_and_then_reported(
    rehearse: Rehearse, attempts: int
) -> None:
    rehearsal = rehearse()
    left = [*range(attempts)]
    stop = rehearsal.account.stream.medialive_stop_channel

    def refused(asked: dict[str, str]) -> object:
        if left:
            left.pop()
            raise Refused("ConflictException", "Channel is being changed")
        return stop(asked)

    rehearsal.account.medialive_StopChannel = refused  # type: ignore[attr-defined]
    rehearsal.account.before_execution = _interrupt
    ends_well = attempts == 1
    assert rehearsal.run() == (INTERRUPTED if ends_well else AWS_REFUSED)
    assert (rehearsal.account.comes_to_rest() == "IDLE") == ends_well
    command = f"`aws medialive stop-channel --channel-id {CHANNEL} --region us-east-1`"
    assert (command in rehearsal.said) != ends_well
    left_on = "The channel may be on the air."
    assert (rehearsal.evidence["channel"] == left_on) != ends_well


def _interrupt(_: object) -> NoReturn:
    raise KeyboardInterrupt


def test_a_second_ctrl_c_says_how_to_stop_the_channel(rehearse: Rehearse) -> None:
    rehearsal = rehearse()
    rehearsal.account.before_execution = _interrupt
    rehearsal.aws.failures[STOP] = lambda: _interrupt(None)
    assert rehearsal.run() == AWS_REFUSED
    assert f"aws medialive stop-channel --channel-id {CHANNEL}" in rehearsal.said


def test_a_rehearsal_goes_on_where_another_one_was_interrupted(rehearse: Rehearse) -> None:
    rehearsal = rehearse()
    rehearsal.account.before_execution = _interrupt
    assert rehearsal.run() == INTERRUPTED
    assert "`protected-stream destroy --out build` deletes it" in rehearsal.said
    rehearsal.account.before_execution = lambda _: ""
    assert rehearsal.run("--yes --evidence second.json --input-cidr 203.0.113.7/32") == CLEAN
    second = json.loads(Path("second.json").read_text("utf-8"))["steps"]
    assert [one["state"] for one in second[:3]] == ["not tried", "not tried", "good"]
    assert "from an earlier rehearsal" in second[0]["reason"]
    assert rehearsal.account.status is None


def test_evidence_that_cannot_be_written_ends_it(
    rehearse: Rehearse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal = rehearse()

    def full(_: object) -> str:
        monkeypatch.setattr("protected_stream.rehearsal.evidence.write_atomically", _no_space)
        return ""

    rehearsal.account.before_execution = full
    assert rehearsal.run() == NOTHING_WRITTEN
    assert "No space left" in rehearsal.said
    assert rehearsal.account.comes_to_rest() == "IDLE"


def _no_space(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device", "build/evidence.json")


def test_a_refused_step_does_not_end_it(rehearse: Rehearse) -> None:
    rehearsal = rehearse()
    rehearsal.aws.failures["medialive:ListAlerts"] = refuse("AccessDeniedException", "no")
    assert rehearsal.run() == FINDINGS
    states = rehearsal.states
    assert (states["on-air"], states["date"], states["delete"]) == ("bad", "good", "good")


def test_a_stack_that_somebody_else_deploys_meanwhile_is_not_deleted(rehearse: Rehearse) -> None:
    rehearsal = rehearse()

    def deploys(_: object) -> str:
        rehearsal.account.last_change_set = "protected-stream-0a1b"
        return ""

    rehearsal.account.before_execution = deploys
    assert rehearsal.run() == CLEAN
    assert "something else than a rehearsal" in rehearsal.step("delete")["reason"]
    assert rehearsal.account.comes_to_rest() == "IDLE"


def test_if_cloudformation_does_not_answer_the_channel_is_stopped_nevertheless(
    rehearse: Rehearse,
) -> None:
    rehearsal = rehearse()

    def fails(_: object) -> str:
        rehearsal.aws.failures["cloudformation:DescribeStacks"] = lose_network
        return "the first reason"

    rehearsal.account.before_execution = fails
    assert rehearsal.run() == AWS_REFUSED
    assert "the first reason" in " ".join(rehearsal.step("date")["messages"])
    assert rehearsal.account.comes_to_rest() == "IDLE"


def test_the_document_has_the_same_steps() -> None:
    text = " ".join((CHECKOUT / "docs" / "first-deployment.md").read_text("utf-8").split())
    for number, step in enumerate(STEPS, 1):
        _, _, found = text.partition(f" {number}. **{step.title}")
        found = found.partition(f" {number + 1}. **")[0]
        assert f"*Good:* {step.good}" in found, step.id
        missing = [one.meaning for one in step.doubts if one.meaning not in found]
        assert missing == [], step.id
