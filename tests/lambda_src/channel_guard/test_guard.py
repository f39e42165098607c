"""Channel guard responses: in time, clear, and without secrets."""

import json
import logging
from typing import Any

import pytest

from shared.errors import Failure
from tests.lambda_src.channel_guard.fake_medialive import (
    CHANNEL_ID,
    EVENT,
    SECRET,
    TIMEOUT,
    FakeMediaLive,
    changed,
    error,
    request,
    silence,
)

UPDATE_CALLS = (
    "cloudformation:DescribeStacks",
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
    "ssm:DeleteParameter",
    "ssm:PutParameter",
)
OWED = "/channel-guard/live/restart-owed"
SINCE = "/channel-guard/live/running-since"
ANSWER_SECONDS = 60


def test_without_permission_to_stop_the_update_fails_with_one_sentence(
    medialive: FakeMediaLive,
) -> None:
    letter = medialive.ask("Update", **changed())
    assert letter["Status"] == "FAILED"
    assert letter["Reason"] == (
        "channel 1234567 is on air; stop it first, or deploy with StopChannelToUpdate=Yes"
    )


def test_with_permission_the_response_says_what_happens_to_the_channel(
    medialive: FakeMediaLive,
) -> None:
    medialive.states = ["RUNNING", "RUNNING", "STOPPING", "STOPPING", "IDLE"]
    letter = medialive.ask("Update", **changed("Yes"))
    assert letter["Status"] == "SUCCESS"
    assert letter["Reason"].startswith("channel 1234567 is stopped; it starts again")
    assert medialive.calls.index("ssm:PutParameter") < medialive.calls.index(
        "medialive:StopChannel"
    )
    assert medialive.parameters == {OWED: CHANNEL_ID}


def test_a_starting_channel_is_running_before_it_is_stopped(medialive: FakeMediaLive) -> None:
    medialive.states = ["STARTING", "STARTING", "RUNNING", "STOPPING", "IDLE"]
    assert medialive.ask("Update", **changed("Yes"))["Status"] == "SUCCESS"
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


@pytest.mark.parametrize("looks", range(1, 99))
def test_there_is_time_for_the_response_however_slow_the_calls_become(
    medialive: FakeMediaLive, looks: int
) -> None:
    """From some check on, each call takes its maximum time."""
    medialive.states = ["STARTING"] * looks + ["RUNNING", "STOPPING", "IDLE"]
    medialive.slow_after = looks + 2
    medialive.ask("Update", **changed("Yes"))
    assert medialive.context.get_remaining_time_in_millis() >= ANSWER_SECONDS * 1000


def test_a_channel_that_someone_starts_again_is_reported(medialive: FakeMediaLive) -> None:
    medialive.states = ["RUNNING", "STOPPING", "STARTING", "RUNNING"]
    letter = medialive.ask("Update", **changed("Yes"))
    assert letter["Status"] == "FAILED"
    assert letter["Reason"].startswith("channel 1234567 is still RUNNING")


@pytest.mark.parametrize("action", UPDATE_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ConflictException", ""])
def test_every_call_of_an_update_may_fail(medialive: FakeMediaLive, action: str, code: str) -> None:
    medialive.faults[action] = (lambda: error(code)) if code else silence
    letter = medialive.ask("Update", **changed("Yes"))
    assert letter["Status"] == "FAILED"
    assert action in letter["Reason"]


@pytest.mark.parametrize("action", LOOK_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ConflictException", ""])
def test_every_call_of_a_check_may_fail(medialive: FakeMediaLive, action: str, code: str) -> None:
    """Lambda retries once; so does the next check."""
    medialive.faults[action] = (lambda: error(code)) if code else silence
    medialive.status, medialive.states, medialive.parameters[OWED] = (
        "UPDATE_COMPLETE",
        ["IDLE"],
        "1",
    )
    with pytest.raises(Failure, match=action):
        medialive.run(EVENT)
    medialive.faults.clear()
    medialive.run(EVENT)
    assert medialive.states == ["STARTING"]
    assert medialive.parameters.keys() == {SINCE}


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_nothing_starts_before_the_update_has_ended(medialive: FakeMediaLive, status: str) -> None:
    medialive.status, medialive.states, medialive.parameters[OWED] = status, ["IDLE"], "1"
    medialive.run(EVENT)
    assert "medialive:StartChannel" not in medialive.calls
    assert OWED in medialive.parameters


def test_a_deleted_channel_is_not_started_again(medialive: FakeMediaLive) -> None:
    medialive.status, medialive.states, medialive.parameters[OWED] = (
        "UPDATE_COMPLETE",
        ["DELETED"],
        "1",
    )
    medialive.run(EVENT)
    assert medialive.parameters == {}


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
    event: dict[str, Any] = {"PhysicalResourceId": physical_id, "ResourceProperties": "damaged"}
    letter = medialive.ask(kind, resource=resource, **event)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("SUCCESS", physical_id)


def test_a_channel_can_be_stopped_after_a_failed_create(medialive: FakeMediaLive) -> None:
    """The channel may have started before the response was lost."""
    medialive.faults["medialive:StartChannel"] = silence
    medialive.states = ["IDLE"]
    properties = {"ChannelId": CHANNEL_ID, "StartChannel": "Yes"}
    letter = medialive.ask("Create", resource="OnAir", ResourceProperties=properties)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("FAILED", f"on-air-{CHANNEL_ID}")


def test_another_channel_is_another_resource(medialive: FakeMediaLive) -> None:
    """CloudFormation deletes the old one, which stops the old channel."""
    properties = {"ChannelId": "7654321", "StartChannel": "Yes"}
    letter = medialive.ask("Update", resource="OnAir", ResourceProperties=properties)
    assert letter["PhysicalResourceId"] == "on-air-7654321"
    assert medialive.calls == []


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
    letters = [medialive.ask("Update", **changed(asked)) for asked in ("No", "Yes")]
    for action in UPDATE_CALLS:
        for fault in (lambda: error("Other"), silence):
            medialive.faults, medialive.states = {action: fault}, ["RUNNING"]
            letters.append(medialive.ask("Update", **changed("Yes")))
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


def test_a_request_without_a_response_url_is_an_error(medialive: FakeMediaLive) -> None:
    with pytest.raises(ValueError, match="no ResponseURL"):
        medialive.run(request("Create", ResponseURL="ftp://nowhere"))
    assert medialive.calls == []
