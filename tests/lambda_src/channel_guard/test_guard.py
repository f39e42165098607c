"""Channel guard responses: in time, clear, and without secrets."""

import json
import logging
from typing import Any

import pytest

from shared.errors import Failure
from tests.lambda_src.channel_guard.fake_medialive import (
    CHANNEL_ID,
    EVENT,
    ON_AIR,
    PROPERTIES,
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


CREATED = pytest.mark.parametrize(
    ("resource", "properties"), [("ChannelGuard", PROPERTIES), ("OnAir", ON_AIR)]
)


@CREATED
def test_a_new_role_has_a_minute_to_take_effect(
    medialive: FakeMediaLive, resource: str, properties: dict[str, Any]
) -> None:
    medialive.denied_seconds, medialive.states = 55, ["IDLE"]
    letter = medialive.ask("Create", resource=resource, ResourceProperties=properties)
    assert letter["Status"] == "SUCCESS", letter


@CREATED
def test_permissions_that_are_missing_after_a_minute_are_reported_with_that_minute(
    medialive: FakeMediaLive, resource: str, properties: dict[str, Any]
) -> None:
    medialive.denied_seconds, began = 3600, medialive.clock.now
    letter = medialive.ask("Create", resource=resource, ResourceProperties=properties)
    assert letter["Status"] == "FAILED"
    assert "(AccessDeniedException)" in letter["Reason"]
    assert "tried for a minute" in letter["Reason"]
    assert 60 <= medialive.clock.now - began <= 70


@pytest.mark.parametrize("kind", ["Update", "Delete"])
def test_a_role_that_is_no_longer_new_has_no_such_minute(
    medialive: FakeMediaLive, kind: str
) -> None:
    medialive.denied_seconds, began = 3600, medialive.clock.now
    properties = {**ON_AIR, "StartChannel": "No"}
    more = {"PhysicalResourceId": f"on-air-{CHANNEL_ID}", "OldResourceProperties": properties}
    letter = medialive.ask(kind, resource="OnAir", ResourceProperties=properties, **more)
    assert letter["Status"] == "FAILED"
    assert medialive.clock.now == began


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


@pytest.mark.parametrize("urls", [[], ["rtp://192.0.2.1:5000"], [SECRET]])
def test_an_input_without_applications_has_no_such_addresses(
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


@pytest.mark.parametrize("asked", ["No", "Yes"])
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
    letter = medialive.ask("Update", **changed("Yes"))
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


@pytest.mark.parametrize("made_up", [{"ResponseURL": "http://nowhere"}, {"StackId": "arn:other"}])
def test_a_request_that_is_not_the_stacks_own_is_an_error(
    medialive: FakeMediaLive, made_up: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="not a request of this stack"):
        medialive.run(request("Create", **made_up))
    assert medialive.calls == []
