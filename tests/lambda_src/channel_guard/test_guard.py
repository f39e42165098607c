"""The guard's answers: in time, in words, and without what is secret."""

import json
import logging
from typing import Any

import pytest

from channel_guard.environment import Environment
from channel_guard.watch import start_in
from shared.environment import InvalidEnvironment
from shared.events import NotDone, UnknownEvent
from shared.response_url import ANSWER_SECONDS
from tests.lambda_src.channel_guard.station import (
    CHANNEL_ID,
    ENVIRONMENT,
    EVENT,
    SECRET,
    TIMEOUT,
    Station,
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


def test_who_does_not_ask_is_refused_in_one_sentence(station: Station) -> None:
    letter = station.ask("Update", **changed())
    assert letter["Status"] == "FAILED"
    assert letter["Reason"] == (
        "channel 1234567 is on air; stop it first, or deploy with StopChannelToUpdate=Yes"
    )


def test_who_asks_is_told_what_becomes_of_the_channel(station: Station) -> None:
    station.states = ["RUNNING", "RUNNING", "STOPPING", "STOPPING", "IDLE"]
    letter = station.ask("Update", **changed("Yes"))
    assert letter["Status"] == "SUCCESS"
    assert letter["Reason"].startswith("channel 1234567 is stopped; it starts again")
    assert station.calls.index("ssm:PutParameter") < station.calls.index("medialive:StopChannel")
    assert station.parameters == {OWED: CHANNEL_ID}


def test_a_channel_that_starts_is_let_start_before_it_is_stopped(station: Station) -> None:
    station.states = ["STARTING", "STARTING", "RUNNING", "IDLE"]
    assert station.ask("Update", **changed("Yes"))["Status"] == "SUCCESS"
    assert station.states == ["IDLE"]


def test_a_channel_that_stops_is_waited_for(station: Station) -> None:
    station.states = ["STOPPING", "STOPPING", "IDLE"]
    assert station.ask("Update", **changed())["Status"] == "SUCCESS"


def test_a_channel_that_never_stops_is_told_in_time(station: Station) -> None:
    station.states = ["STOPPING"]
    began = station.clock.now
    letter = station.ask("Update", **changed())
    assert letter["Reason"].startswith("channel 1234567 is still STOPPING")
    assert station.clock.now - began <= TIMEOUT - ANSWER_SECONDS


def test_a_channel_that_somebody_starts_again_is_told(station: Station) -> None:
    station.states = ["RUNNING"] * 4
    letter = station.ask("Update", **changed("Yes"))
    assert "was stopped and is RUNNING again" in letter["Reason"]


@pytest.mark.parametrize("action", UPDATE_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ConflictException", ""])
def test_every_call_of_an_update_may_fail(station: Station, action: str, code: str) -> None:
    station.faults[action] = (lambda: error(code)) if code else silence
    letter = station.ask("Update", **changed("Yes"))
    assert letter["Status"] == "FAILED"
    assert action in letter["Reason"]


@pytest.mark.parametrize("action", LOOK_CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "ConflictException", ""])
def test_every_call_of_a_look_may_fail(station: Station, action: str, code: str) -> None:
    """Lambda tries once more; the next look does, too."""
    station.faults[action] = (lambda: error(code)) if code else silence
    station.status, station.states, station.parameters[OWED] = "UPDATE_COMPLETE", ["IDLE"], "1"
    with pytest.raises(NotDone, match=action):
        station.run(EVENT)
    station.faults.clear()
    station.run(EVENT)
    assert station.states == ["STARTING"]
    assert station.parameters.keys() == {SINCE}


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_nothing_starts_before_the_update_has_ended(station: Station, status: str) -> None:
    station.status, station.states, station.parameters[OWED] = status, ["IDLE"], "1"
    station.run(EVENT)
    assert "medialive:StartChannel" not in station.calls
    assert OWED in station.parameters


def test_a_channel_that_is_gone_is_started_no_more(station: Station) -> None:
    station.status, station.states, station.parameters[OWED] = "UPDATE_COMPLETE", ["DELETED"], "1"
    station.run(EVENT)
    assert station.parameters == {}


@pytest.mark.parametrize("noted", ["yesterday", "-5", ""])
def test_a_damaged_note_does_not_let_a_channel_run_for_ever(station: Station, noted: str) -> None:
    station.parameters[SINCE] = noted
    station.run(EVENT)
    assert station.parameters[SINCE] == str(int(station.clock.now))


@pytest.mark.parametrize(("resource", "kind"), [("OnAir", "Delete"), ("ChannelGuard", "Delete")])
@pytest.mark.parametrize("physical_id", ["any", "on-air-None", "on-air-1234567", "channel-guard"])
def test_a_deletion_always_works(
    station: Station, resource: str, kind: str, physical_id: str
) -> None:
    event: dict[str, Any] = {"PhysicalResourceId": physical_id, "ResourceProperties": "damaged"}
    letter = station.ask(kind, resource=resource, **event)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("SUCCESS", physical_id)


def test_a_creation_that_failed_can_still_be_stopped(station: Station) -> None:
    """The channel may have started before the answer got lost."""
    station.faults["medialive:StartChannel"] = silence
    station.states = ["IDLE"]
    properties = {"ChannelId": CHANNEL_ID, "StartChannel": "Yes"}
    letter = station.ask("Create", resource="OnAir", ResourceProperties=properties)
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("FAILED", f"on-air-{CHANNEL_ID}")


def test_another_channel_is_another_resource(station: Station) -> None:
    """For which CloudFormation deletes the old one, and so stops the old channel."""
    properties = {"ChannelId": "7654321", "StartChannel": "Yes"}
    letter = station.ask("Update", resource="OnAir", ResourceProperties=properties)
    assert letter["PhysicalResourceId"] == "on-air-7654321"
    assert station.calls == []


@pytest.mark.parametrize(
    ("resource", "more", "says"),
    [
        ("Other", {}, "ResourceType must be Custom::ChannelGuard or Custom::OnAir"),
        ("OnAir", {"ResourceProperties": {"ChannelId": "a1"}}, "The property ChannelId must be"),
        ("ChannelGuard", changed() | {"OldResourceProperties": {}}, "The property Channel must be"),
    ],
)
def test_what_no_template_of_ours_says_is_refused(
    station: Station, resource: str, more: dict[str, Any], says: str
) -> None:
    letter = station.ask("Update", resource=resource, **more)
    assert letter["Status"] == "FAILED"
    assert says in letter["Reason"]


@pytest.mark.parametrize("event", [{}, None, "any", {"Act": "revoke every key"}])
def test_an_event_of_another_kind_is_an_error(station: Station, event: object) -> None:
    with pytest.raises(UnknownEvent, match="neither a request of a CloudFormation custom resource"):
        station.run(event)


def test_nothing_secret_gets_out(station: Station, caplog: pytest.LogCaptureFixture) -> None:
    """The stream key is among the properties, and AWS's words may be anybody's."""
    caplog.set_level(logging.DEBUG)
    letters = [station.ask("Update", **changed(asked)) for asked in ("No", "Yes")]
    for action in UPDATE_CALLS:
        for fault in (lambda: error("Other"), silence):
            station.faults, station.states = {action: fault}, ["RUNNING"]
            letters.append(station.ask("Update", **changed("Yes")))
    assert SECRET not in json.dumps(letters)
    assert SECRET not in caplog.text


def test_a_start_is_told_by_one_event_only() -> None:
    channel = {"source": "aws.medialive", "detail": {"state": "STARTING"}}
    assert start_in({**EVENT, **channel}) == 1_800_000_000
    assert start_in({**EVENT, **channel, "detail": {"state": "RUNNING"}}) == 0
    assert start_in(EVENT) == 0


def test_all_that_is_missing_is_named_in_one_answer(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name)
    letter = station.ask("Create")
    assert all(name in letter["Reason"] for name in ENVIRONMENT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STACK_ID", "live"),
        ("CHANNEL", ""),
        ("CHANNEL", "two words"),
        ("NOTES", "no-slash"),
        ("NOTES", "/ends/"),
        ("STOP_AFTER_SECONDS", "-1"),
        ("STOP_AFTER_SECONDS", "12h"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment, match=f"{name} is not "):
        Environment.from_variables(ENVIRONMENT | {name: value})


def test_a_request_without_an_address_is_an_error(station: Station) -> None:
    with pytest.raises(ValueError, match="has no ResponseURL"):
        station.run(request("Create", ResponseURL="ftp://nowhere"))
