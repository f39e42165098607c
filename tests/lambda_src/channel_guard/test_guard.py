"""Channel guard responses: in time, clear, and without secrets."""

import json
import logging
import re
from typing import Any

import pytest

from tests.conftest import CHECKOUT
from tests.lambda_src.channel_guard.fake_medialive import (
    CHANNEL_ID,
    EVENT,
    ON_AIR,
    PROPERTIES,
    SECRET,
    TIMEOUT,
    TODAY,
    FakeMediaLive,
    changed,
    error,
    request,
    silence,
)
from tests.lambda_src.channel_guard.owed_restarts import (
    FORGOTTEN,
    KEPT,
    MADE,
    OWED,
    RECORD,
    STATES,
    STATUSES,
    outcome,
    page,
)

UPDATE_CALLS = (
    "cloudformation:DescribeStacks",
    "ssm:GetParameters",
    "cloudformation:DescribeStackResource",
    "medialive:DescribeChannel",
    "ssm:PutParameter",
    "medialive:StopChannel",
)
LOOK_CALLS = (
    "cloudformation:DescribeStackResource",
    "medialive:DescribeChannel",
    "ssm:GetParameters",
    "cloudformation:DescribeStacks",
    "medialive:StartChannel",
)
OBEYED = "/channel-guard/live/obeyed-request"
SINCE = "/channel-guard/live/running-since"
ANSWER_SECONDS = 60


def test_without_permission_to_stop_the_update_fails_with_one_sentence(
    medialive: FakeMediaLive,
) -> None:
    letter = medialive.ask("Update", **changed())
    assert letter["Status"] == "FAILED"
    assert letter["Reason"] == (
        f"channel 1234567 is on air; stop it first, or deploy with StopChannelToUpdate={TODAY}"
    )


def test_with_permission_the_response_says_what_happens_to_the_channel(
    medialive: FakeMediaLive,
) -> None:
    medialive.states = ["RUNNING", "RUNNING", "STOPPING", "STOPPING", "IDLE"]
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Status"] == "SUCCESS"
    assert letter["Reason"].startswith("channel 1234567 is stopped; it starts again")
    assert medialive.calls.index("ssm:PutParameter") < medialive.calls.index(
        "medialive:StopChannel"
    )
    assert medialive.parameters == {OWED: CHANNEL_ID, OBEYED: "1"}


def test_a_starting_channel_is_running_before_it_is_stopped(medialive: FakeMediaLive) -> None:
    medialive.states = ["STARTING", "STARTING", "RUNNING", "STOPPING", "IDLE"]
    assert medialive.ask("Update", **changed(TODAY))["Status"] == "SUCCESS"
    assert medialive.calls.count("medialive:StopChannel") == 1
    assert medialive.states == ["IDLE"]


def test_it_waits_for_a_stopping_channel(medialive: FakeMediaLive) -> None:
    medialive.states = ["STOPPING", "STOPPING", "IDLE"]
    assert medialive.ask("Update", **changed())["Status"] == "SUCCESS"


def test_a_channel_that_never_stops_is_reported_in_time(medialive: FakeMediaLive) -> None:
    medialive.states = ["STOPPING"]
    began = medialive.clock.now
    letter = medialive.ask("Update", **changed())
    assert letter["Reason"].startswith("channel 1234567 is still STOPPING")
    assert medialive.clock.now - began <= TIMEOUT - ANSWER_SECONDS


@pytest.mark.parametrize("looks", range(1, 105, 2))
@pytest.mark.parametrize("early", range(3))
def test_there_is_time_for_the_response_however_slow_the_calls_become(
    medialive: FakeMediaLive, looks: int, early: int
) -> None:
    """From some check on, each call takes its maximum time."""
    medialive.states = ["STARTING"] * looks + ["RUNNING", "STOPPING", "IDLE"]
    medialive.slow_after = looks + early
    medialive.ask("Update", **changed(TODAY))
    assert medialive.context.get_remaining_time_in_millis() >= ANSWER_SECONDS * 1000


def test_a_channel_that_someone_starts_again_is_reported(medialive: FakeMediaLive) -> None:
    medialive.states = ["RUNNING", "STOPPING", "STARTING", "RUNNING"]
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Status"] == "FAILED"
    assert letter["Reason"].startswith("channel 1234567 is still RUNNING")


@pytest.mark.parametrize("throttled", range(0, 130, 3))
@pytest.mark.parametrize("masked", [False, True])
def test_there_is_time_for_the_response_however_late_the_calls_work_again(
    medialive: FakeMediaLive, throttled: int, *, masked: bool
) -> None:
    """AWS throttles the first calls; then each call takes its maximum time."""
    medialive.masks_old_values = masked
    medialive.faults["cloudformation:DescribeStackResource"] = lambda: error("Throttling")
    medialive.hiccups["cloudformation:DescribeStackResource"] = throttled
    medialive.slow_after = throttled * (1 if masked else 2)
    medialive.ask("Update", **changed(TODAY))
    assert medialive.context.get_remaining_time_in_millis() >= ANSWER_SECONDS * 1000


CREATED = pytest.mark.parametrize(
    ("resource", "properties"), [("ChannelGuard", PROPERTIES), ("OnAir", ON_AIR)]
)


@CREATED
@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_a_new_permission_has_time_to_take_effect(
    medialive: FakeMediaLive, resource: str, properties: dict[str, Any], kind: str
) -> None:
    """IAM needs a while: for a new role, and for a statement that an update adds to it."""
    medialive.denied_seconds, medialive.states = 400, ["IDLE"]
    more = {} if kind == "Create" else {"OldResourceProperties": properties}
    letter = medialive.ask(kind, resource=resource, ResourceProperties=properties, **more)
    assert letter["Status"] == "SUCCESS", letter


PASSING = ("Throttling", "TooManyRequestsException", "ConflictException", "")
"""Errors that pass; "" means that there is no response at all."""


@pytest.mark.parametrize("action", UPDATE_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ForbiddenException"])
def test_only_a_missing_permission_is_to_be_allowed(
    medialive: FakeMediaLive, action: str, code: str
) -> None:
    medialive.faults[action] = lambda: error(code)
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Status"] == "FAILED"
    assert letter["Reason"] == f"{action} failed ({code}): allow it for the function's role"


@pytest.mark.parametrize("action", UPDATE_CALLS)
@pytest.mark.parametrize("code", PASSING)
def test_every_call_of_an_update_may_fail_until_there_is_no_time_left(
    medialive: FakeMediaLive, action: str, code: str
) -> None:
    medialive.faults[action] = (lambda: error(code)) if code else silence
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Status"] == "FAILED"
    assert letter["Reason"] == f"{action} failed ({code or 'ReadTimeoutError'}): try again later"
    assert ANSWER_SECONDS <= medialive.context.get_remaining_time_in_millis() / 1000 <= 110


@pytest.mark.parametrize("action", UPDATE_CALLS)
@pytest.mark.parametrize("code", PASSING)
@pytest.mark.parametrize("times", [1, 90])
def test_a_call_that_fails_for_a_while_fails_no_update(
    medialive: FakeMediaLive, action: str, code: str, times: int
) -> None:
    medialive.faults[action] = (lambda: error(code)) if code else silence
    medialive.hiccups[action] = times
    letter = medialive.ask("Update", **changed(TODAY))
    assert (letter["Status"], medialive.states) == ("SUCCESS", ["IDLE"]), letter
    assert medialive.parameters == {OWED: CHANNEL_ID, OBEYED: "1"}


def test_a_throttled_call_fails_no_rollback(medialive: FakeMediaLive) -> None:
    """A FAILED response would be UPDATE_ROLLBACK_FAILED."""
    medialive.status = "UPDATE_ROLLBACK_IN_PROGRESS"
    medialive.faults["cloudformation:DescribeStacks"] = lambda: error("Throttling")
    medialive.hiccups["cloudformation:DescribeStacks"] = 90
    letter = medialive.ask("Update", **changed(TODAY))
    assert (letter["Status"], letter["Reason"]) == ("SUCCESS", "no change")


def test_a_lost_response_to_stop_channel_fails_no_update(medialive: FakeMediaLive) -> None:
    medialive.states = ["RUNNING", "RUNNING", "STOPPING", "STOPPING", "IDLE"]
    medialive.lost = ["medialive:StopChannel"]
    letter = medialive.ask("Update", **changed(TODAY))
    assert (letter["Status"], medialive.states) == ("SUCCESS", ["IDLE"]), letter
    assert medialive.calls.count("medialive:StopChannel") == 1
    assert medialive.parameters == {OWED: CHANNEL_ID, OBEYED: "1"}


def test_a_lost_response_to_start_channel_fails_no_creation(medialive: FakeMediaLive) -> None:
    medialive.status, medialive.states = "CREATE_IN_PROGRESS", ["IDLE"]
    medialive.lost = ["medialive:StartChannel"]
    medialive.after_start = ["STARTING", "STARTING", "RUNNING"]
    letter = medialive.ask("Create", resource="OnAir", ResourceProperties=ON_AIR)
    assert letter["Status"] == "SUCCESS", letter
    assert medialive.calls.count("medialive:StartChannel") == 1


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "UPDATE_IN_PROGRESS"])
def test_a_request_that_arrives_after_its_update_stops_nothing(
    medialive: FakeMediaLive, status: str
) -> None:
    """Lambda may deliver an event late, and more than once."""
    medialive.status = status
    letter = medialive.ask("Update", **changed(TODAY))
    assert (letter["Status"], letter["Reason"]) == ("SUCCESS", "no change")
    assert (medialive.states, medialive.parameters) == (["RUNNING"], {})


@pytest.mark.parametrize("checks", [1, 10, 20])
def test_an_update_that_is_canceled_while_the_function_waits_stops_nothing(
    medialive: FakeMediaLive, checks: int
) -> None:
    medialive.states = ["STARTING"] * 20 + ["RUNNING", "STOPPING", "IDLE"]
    medialive.canceled_after = checks
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Reason"] == "the update has ended"
    assert "medialive:StopChannel" not in medialive.calls
    assert medialive.parameters == {}


def test_a_request_that_is_delivered_again_during_the_next_update_stops_nothing(
    medialive: FakeMediaLive,
) -> None:
    assert medialive.ask("Update", **changed(TODAY))["Reason"].endswith("after the update")
    medialive.states = ["RUNNING"]
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Status"] == "SUCCESS"
    assert letter["Reason"] == "no change since the first delivery"
    assert medialive.states == ["RUNNING"]
    medialive.ask("Update", **changed(TODAY), RequestId="2")
    assert medialive.states == ["IDLE"]


def test_a_show_that_began_after_an_update_is_not_stopped_by_its_second_delivery(
    medialive: FakeMediaLive,
) -> None:
    medialive.states = ["IDLE"]
    assert medialive.ask("Update", **changed(TODAY))["Reason"] == "not on air"
    medialive.states = ["RUNNING"]
    assert medialive.ask("Update", **changed(TODAY))["Status"] == "SUCCESS"
    assert medialive.states == ["RUNNING"]


def test_a_restart_is_owed_even_if_a_check_of_the_running_channel_ends_during_the_stop(
    medialive: FakeMediaLive,
) -> None:
    """The check saw the channel run, after an earlier update, and deletes that update's note."""
    medialive.states = ["RUNNING", "STOPPING", "IDLE"]
    medialive.at_stop = lambda: medialive.parameters.pop(OWED)
    assert medialive.ask("Update", **changed(TODAY))["Status"] == "SUCCESS"
    assert medialive.parameters[OWED] == CHANNEL_ID


@pytest.mark.parametrize("code", ["BadRequestException", "ForbiddenException"])
def test_a_restart_that_is_refused_is_tried_for_a_minute_per_check(
    medialive: FakeMediaLive, code: str
) -> None:
    medialive.status, medialive.states = "UPDATE_COMPLETE", ["IDLE"]
    medialive.parameters[OWED] = CHANNEL_ID
    medialive.faults["medialive:StartChannel"] = lambda: error(code)
    began = medialive.clock.now
    with pytest.raises(medialive.failure):
        medialive.run(EVENT)
    assert medialive.clock.now - began <= 70
    assert medialive.calls.count("medialive:StartChannel") <= 14
    assert medialive.parameters[OWED] == CHANNEL_ID


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "CREATE_IN_PROGRESS"])
def test_only_a_new_stack_starts_its_channel(medialive: FakeMediaLive, status: str) -> None:
    """Not a Create that arrives late, nor that of another channel class in an update."""
    medialive.status, medialive.states = status, ["IDLE"]
    letter = medialive.ask("Create", resource="OnAir", ResourceProperties=ON_AIR)
    assert (letter["Status"], medialive.states) == ("SUCCESS", ["IDLE"])
    assert "medialive:StartChannel" not in medialive.calls


def test_a_new_stack_starts_its_channel(medialive: FakeMediaLive) -> None:
    medialive.status, medialive.states = "CREATE_IN_PROGRESS", ["IDLE"]
    medialive.ask("Create", resource="OnAir", ResourceProperties=ON_AIR)
    assert medialive.states == ["STARTING"]


@pytest.mark.parametrize("status", STATUSES)
def test_only_a_new_stack_has_no_notes(medialive: FakeMediaLive, status: str) -> None:
    """A Create that arrives late must not forget that a restart is owed."""
    medialive.status, notes = status, {OBEYED: "1", OWED: CHANNEL_ID, SINCE: "1799999000"}
    medialive.parameters = {**notes}
    assert medialive.ask("Create")["Status"] == "SUCCESS"
    assert medialive.parameters == ({} if status == "CREATE_IN_PROGRESS" else notes)


HOUR = 3600
NOON = 1_800_014_400.0  # 2027-01-15T12:00:00Z


@pytest.mark.parametrize(
    ("date", "at", "holds"),
    [
        ("2027-01-15", NOON, True),
        ("2027-01-15", NOON - 26 * HOUR, True),  # 00:00 of that day at UTC+14
        ("2027-01-15", NOON - 26 * HOUR - 1, False),
        ("2027-01-15", NOON + 24 * HOUR - 1, True),  # 23:59:59 of that day at UTC-12
        ("2027-01-15", NOON + 24 * HOUR, False),
        ("2027-01-14", NOON + 6 * HOUR, False),
        ("2027-01-17", NOON, False),
        ("2026-01-15", NOON, False),
        ("2027-02-31", NOON, False),
        ("2027-13-01", NOON, False),
        ("0000-00-00", NOON, False),
        ("9999-12-31", NOON, False),
        ("No", NOON, False),
        ("Yes", NOON, False),
        ("", NOON, False),
    ],
)
def test_a_date_counts_while_it_is_that_day_anywhere(
    medialive: FakeMediaLive, date: str, at: float, *, holds: bool
) -> None:
    medialive.clock.now = at
    letter = medialive.ask("Update", **changed(date))
    assert letter["Status"] == ("SUCCESS" if holds else "FAILED"), letter
    if not holds:
        assert letter["Reason"].startswith("channel 1234567 is on air; stop it first, or deploy")
        (word,) = re.findall(r"StopChannelToUpdate=(\S+)$", letter["Reason"])
        assert medialive.ask("Update", **changed(word))["Status"] == "SUCCESS"


def test_the_old_value_means_nothing(medialive: FakeMediaLive) -> None:
    """A second attempt on the same day works at once, with the same parameters file."""
    update = changed(TODAY)
    update["OldResourceProperties"] = {**PROPERTIES, "StopChannelToUpdate": TODAY}
    assert medialive.ask("Update", **update)["Status"] == "SUCCESS"


@pytest.mark.parametrize("action", LOOK_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "Throttling", ""])
def test_every_call_of_a_check_may_fail(medialive: FakeMediaLive, action: str, code: str) -> None:
    """Lambda retries once; so does the next check."""
    medialive.faults[action] = (lambda: error(code)) if code else silence
    medialive.status, medialive.states, medialive.parameters[OWED] = (
        "UPDATE_COMPLETE",
        ["IDLE"],
        "1",
    )
    with pytest.raises(medialive.failure, match=action):
        medialive.run(EVENT)
    medialive.faults.clear()
    medialive.run(EVENT)
    assert medialive.states == ["STARTING"]


@pytest.mark.parametrize("action", ["ssm:DeleteParameter", "ssm:PutParameter"])
@pytest.mark.parametrize("code", ["AccessDeniedException", ""])
def test_every_call_of_a_check_that_writes_may_fail(
    medialive: FakeMediaLive, action: str, code: str
) -> None:
    medialive.faults[action] = (lambda: error(code)) if code else silence
    medialive.status, medialive.parameters[OWED] = "UPDATE_COMPLETE", "1"
    with pytest.raises(medialive.failure, match=action):
        medialive.run(EVENT)
    medialive.faults.clear()
    medialive.run(EVENT)
    assert medialive.parameters.keys() == {SINCE}


def test_a_start_that_fails_later_is_tried_again_by_the_schedule(
    medialive: FakeMediaLive, caplog: pytest.LogCaptureFixture
) -> None:
    medialive.status, medialive.parameters[OWED] = "UPDATE_COMPLETE", CHANNEL_ID
    for _ in range(3):
        medialive.states = ["IDLE"]
        medialive.run(EVENT)
        assert medialive.states == ["STARTING"]
        medialive.run(EVENT)
        assert OWED in medialive.parameters
    assert caplog.text.count("starting the channel again") == 3
    medialive.states = ["RUNNING"]
    medialive.run(EVENT)
    assert OWED not in medialive.parameters


@pytest.mark.parametrize("state", ["STOPPED", "STARTING", "RUNNING"])
def test_an_event_of_the_channel_starts_nothing(medialive: FakeMediaLive, state: str) -> None:
    """It would start a channel whose starts fail again and again, without a pause."""
    medialive.status, medialive.states = "UPDATE_COMPLETE", ["IDLE"]
    medialive.parameters[OWED] = CHANNEL_ID
    medialive.run({**EVENT, "source": "aws.medialive", "detail": {"state": state}})
    assert "medialive:StartChannel" not in medialive.calls
    assert OWED in medialive.parameters


def test_two_checks_at_once_start_it_once(medialive: FakeMediaLive) -> None:
    medialive.status, medialive.states = "UPDATE_COMPLETE", ["IDLE", "STARTING"]
    medialive.parameters[OWED] = CHANNEL_ID
    medialive.run(EVENT)
    assert medialive.states == ["STARTING"]


def test_a_restart_that_is_no_longer_owed_is_forgotten(medialive: FakeMediaLive) -> None:
    """A failed update is not rolled back, and the operator starts the channel."""
    medialive.status, medialive.parameters[OWED] = "UPDATE_FAILED", CHANNEL_ID
    medialive.run(EVENT)
    medialive.states = ["IDLE"]
    medialive.run(EVENT)
    medialive.status = "UPDATE_COMPLETE"
    medialive.run(EVENT)
    assert "medialive:StartChannel" not in medialive.calls


def test_what_becomes_of_an_owed_restart_is_the_recorded_table() -> None:
    """After an intended change: `make expected`, and read the diff."""
    assert page() == RECORD.read_text(encoding="utf-8")


def documented() -> list[tuple[list[str], list[str], str]]:
    """The table of docs/on-air.md: ends of stack statuses, channel states, and the outcome."""
    text = (CHECKOUT / "docs" / "on-air.md").read_text(encoding="utf-8")
    section = text.partition("## The restart\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| `...")]
    return [
        (
            [status.removeprefix("...") for status in re.findall(r"`(\S+)`", stack)],
            re.findall(r"`(\S+)`", channel),
            MADE if says.strip().startswith("is made") else FORGOTTEN,
        )
        for stack, channel, says in rows
    ]


@pytest.mark.parametrize("status", STATUSES)
def test_the_docs_say_what_becomes_of_an_owed_restart(status: str) -> None:
    assert len(documented()) == 3
    for state in STATES:
        said = [
            result
            for ends, states, result in documented()
            if state in states and status.endswith(tuple(ends))
        ]
        assert [outcome(status, state, "aws.events")] == (said or [KEPT]), state


def test_a_starting_channel_counts_as_on_air(medialive: FakeMediaLive) -> None:
    medialive.states = ["STARTING"]
    medialive.run({**EVENT, "source": "aws.medialive", "detail": {"state": "STARTING"}})
    assert medialive.parameters[SINCE] == str(int(medialive.clock.now))


@pytest.mark.parametrize("noted", ["yesterday", "-5", ""])
def test_a_damaged_note_does_not_let_a_channel_run_forever(
    medialive: FakeMediaLive, noted: str
) -> None:
    medialive.parameters[SINCE] = noted
    medialive.run(EVENT)
    assert medialive.parameters[SINCE] == str(int(medialive.clock.now))


@pytest.mark.parametrize(("resource", "kind"), [("OnAir", "Delete"), ("ChannelGuard", "Delete")])
@pytest.mark.parametrize("physical_id", ["any", "on-air-None", "on-air-1234567", "channel-guard"])
def test_a_deletion_always_works(
    medialive: FakeMediaLive, resource: str, kind: str, physical_id: str
) -> None:
    event: dict[str, Any] = {"PhysicalResourceId": physical_id, "ResourceProperties": {}}
    letter = medialive.ask(kind, resource=resource, **event)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("SUCCESS", physical_id)


@pytest.mark.parametrize("physical_id", [f"on-air-{CHANNEL_ID}", "live-ChannelOnAir-1H7E1X8K2JQ0"])
def test_a_deletion_stops_the_channel(medialive: FakeMediaLive, physical_id: str) -> None:
    """CloudFormation makes the ID up if the Create was canceled or never answered."""
    medialive.states = ["RUNNING", "RUNNING", "STOPPING", "IDLE"]
    event = {"PhysicalResourceId": physical_id, "ResourceProperties": ON_AIR}
    letter = medialive.ask("Delete", resource="OnAir", **event)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("SUCCESS", physical_id)
    assert medialive.states == ["IDLE"]


def test_a_channel_can_be_stopped_after_a_failed_create(medialive: FakeMediaLive) -> None:
    """The channel may have started before the response was lost."""
    medialive.faults["medialive:StartChannel"] = silence
    medialive.status, medialive.states = "CREATE_IN_PROGRESS", ["IDLE"]
    letter = medialive.ask("Create", resource="OnAir", ResourceProperties=ON_AIR)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("FAILED", f"on-air-{CHANNEL_ID}")


def test_another_channel_is_another_resource(medialive: FakeMediaLive) -> None:
    """CloudFormation deletes the old one, which stops the old channel."""
    properties = {**ON_AIR, "ChannelId": "7654321"}
    letter = medialive.ask("Update", resource="OnAir", ResourceProperties=properties)
    assert letter["PhysicalResourceId"] == "on-air-7654321"
    assert medialive.calls == ["medialive:DescribeInput"]


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_each_address_of_an_encoder_is_taken_from_one_url_without_its_stream_key(
    medialive: FakeMediaLive, kind: str
) -> None:
    medialive.states = ["IDLE"]
    letter = medialive.ask(kind, resource="OnAir", ResourceProperties=ON_AIR)
    assert letter["Data"] == {
        "primary": "rtmp://192.0.2.1:1935/primary",
        "backup": "rtmp://198.51.100.1:1935/backup",
    }


@pytest.mark.parametrize("scheme", ["rtp", "srt"])
def test_addresses_without_applications_are_named_in_the_order_of_the_urls(
    medialive: FakeMediaLive, scheme: str
) -> None:
    medialive.urls = [f"{scheme}://192.0.2.1:5000", f"{scheme}://198.51.100.1:5000"]
    letter = medialive.ask("Update", resource="OnAir", ResourceProperties=ON_AIR)
    assert letter["Data"] == {
        "primary": f"{scheme}://192.0.2.1:5000",
        "backup": f"{scheme}://198.51.100.1:5000",
    }


@pytest.mark.parametrize("urls", [[], [SECRET], [f"rtmp://192.0.2.1:1935/{SECRET}"]])
def test_an_input_without_urls_of_a_known_form_has_no_addresses(
    medialive: FakeMediaLive, urls: list[str]
) -> None:
    medialive.urls = urls
    letter = medialive.ask("Update", resource="OnAir", ResourceProperties=ON_AIR)
    assert (letter["Status"], letter["Data"]) == ("SUCCESS", {})


def test_a_stack_of_the_first_version_goes_back_without_addresses(
    medialive: FakeMediaLive,
) -> None:
    first = {name: value for name, value in ON_AIR.items() if name != "InputIds"}
    letter = medialive.ask("Update", resource="OnAir", ResourceProperties=first)
    assert (letter["Status"], letter["Data"]) == ("SUCCESS", {})


def test_a_channel_is_not_started_if_its_encoder_would_have_no_address(
    medialive: FakeMediaLive,
) -> None:
    medialive.faults["medialive:DescribeInput"] = lambda: error("NotFoundException")
    medialive.states = ["IDLE"]
    letter = medialive.ask("Create", resource="OnAir", ResourceProperties=ON_AIR)
    assert letter["Status"] == "FAILED"
    assert "medialive:DescribeInput failed (NotFoundException)" in letter["Reason"]
    assert medialive.states == ["IDLE"]


@pytest.mark.parametrize("asked", ["No", TODAY])
def test_a_masked_old_value_alone_neither_refuses_nor_stops(
    medialive: FakeMediaLive, asked: str
) -> None:
    """With it, StopChannelToUpdate may have changed, and nothing else."""
    medialive.masks_old_values = True
    new = {**PROPERTIES, "StopChannelToUpdate": asked}
    update = {"OldResourceProperties": PROPERTIES, "ResourceProperties": new}
    letter = medialive.ask("Update", **update)
    assert (letter["Status"], letter["Reason"]) == ("SUCCESS", "no change")
    assert "medialive:StopChannel" not in medialive.calls


def test_a_new_value_in_place_of_a_masked_one_is_refused(medialive: FakeMediaLive) -> None:
    medialive.masks_old_values = True
    letter = medialive.ask("Update", **changed())
    assert letter["Status"] == "FAILED"
    assert letter["Reason"].startswith("channel 1234567 is on air; stop it first, or deploy with")


def test_a_new_value_in_place_of_a_masked_one_stops_the_channel_on_request(
    medialive: FakeMediaLive,
) -> None:
    medialive.masks_old_values, medialive.states = True, ["RUNNING", "RUNNING", "STOPPING", "IDLE"]
    letter = medialive.ask("Update", **changed(TODAY))
    assert letter["Reason"].startswith("channel 1234567 is stopped; it starts again")


def test_a_part_of_a_stream_key_is_another_stream_key(medialive: FakeMediaLive) -> None:
    medialive.masks_old_values = True
    new = {**PROPERTIES, "References": ["arn", SECRET[:-1]]}
    letter = medialive.ask("Update", OldResourceProperties=PROPERTIES, ResourceProperties=new)
    assert letter["Status"] == "FAILED"


def test_a_masked_value_does_not_hide_another_change(medialive: FakeMediaLive) -> None:
    medialive.masks_old_values = True
    new = {**PROPERTIES, "References": ["another-arn", SECRET]}
    letter = medialive.ask("Update", OldResourceProperties=PROPERTIES, ResourceProperties=new)
    assert letter["Reason"].startswith("channel 1234567 is on air; stop it first")


@pytest.mark.parametrize(
    ("resource", "more", "says"),
    [
        ("Other", {}, "Custom::Other"),
        ("ChannelGuard", changed() | {"ResourceProperties": {}}, "Channel"),
        ("ChannelGuard", changed() | {"OldResourceProperties": {}}, "Channel"),
    ],
)
def test_a_request_from_another_template_fails(
    medialive: FakeMediaLive, resource: str, more: dict[str, Any], says: str
) -> None:
    letter = medialive.ask("Update", resource=resource, **more)
    assert letter["Status"] == "FAILED"
    assert says in letter["Reason"]


@pytest.mark.parametrize("event", [{}, None, "any", {"Act": "revoke every key"}])
def test_any_other_event_is_an_error(medialive: FakeMediaLive, event: object) -> None:
    with pytest.raises((KeyError, TypeError)):
        medialive.run(event)
    assert medialive.calls == []


def test_nothing_secret_leaks(medialive: FakeMediaLive, caplog: pytest.LogCaptureFixture) -> None:
    """The properties include the stream key, and AWS error messages may quote anything."""
    caplog.set_level(logging.DEBUG)
    letters = [medialive.ask("Update", **changed(asked)) for asked in ("No", TODAY)]
    for action in UPDATE_CALLS:
        for fault in (lambda: error("Other"), silence):
            medialive.faults, medialive.states = {action: fault}, ["RUNNING"]
            letters.append(medialive.ask("Update", **changed(TODAY)))
    assert SECRET not in json.dumps(letters)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("detail", "since"),
    [
        ({"state": "STARTING"}, 1_800_000_000),
        ({"state": "RUNNING"}, 1_799_999_000),
        ({}, 1_799_999_000),
    ],
)
def test_only_the_starting_event_sets_the_start_time(
    medialive: FakeMediaLive, detail: dict[str, str], since: int
) -> None:
    medialive.parameters[SINCE] = "1799999000"
    medialive.clock.sleep(100)
    medialive.run({**EVENT, "source": "aws.medialive", "detail": detail})
    assert medialive.parameters[SINCE] == str(since)


@pytest.mark.parametrize("made_up", [{"ResponseURL": "http://nowhere"}, {"StackId": "arn:other"}])
def test_a_request_that_is_not_the_stacks_own_is_an_error(
    medialive: FakeMediaLive, made_up: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="not a request of this stack"):
        medialive.run(request("Create", **made_up))
    assert medialive.calls == []
