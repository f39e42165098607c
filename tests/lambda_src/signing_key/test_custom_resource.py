"""Custom resource requests: accepted and rejected requests, and the format of a response."""

import json
from typing import Any

import pytest

from signing_key.cloudformation_handler import PLACEHOLDER
from signing_key.custom_resource import (
    Answer,
    Request,
    Sender,
    UnanswerableRequest,
    is_request,
)
from tests.lambda_src.signing_key.cloudformation import SIGNATURE, Event, Stack

ABSENT = object()


def _changed(event: Event, path: tuple[str, ...], value: Any) -> Event:
    """The event with another value, or none, at `path`."""
    holder = event
    for name in path[:-1]:
        holder = holder[name]
    if value is ABSENT:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return event


@pytest.mark.parametrize(
    ("request_type", "path", "value", "says"),
    [
        ("Create", ("RequestType",), ABSENT, "RequestType must be non-empty text."),
        ("Create", ("RequestType",), 7, "RequestType must be non-empty text."),
        ("Create", ("RequestType",), "Read", "RequestType must be one of Create, Update, Delete."),
        ("Create", ("StackId",), ABSENT, "StackId must be non-empty text."),
        ("Create", ("RequestId",), "", "RequestId must be non-empty text."),
        ("Delete", ("RequestId",), ["x"], "RequestId must be non-empty text."),
        ("Create", ("LogicalResourceId",), None, "LogicalResourceId must be non-empty text"),
        ("Update", ("PhysicalResourceId",), ABSENT, "PhysicalResourceId must be non-empty text"),
        ("Delete", ("PhysicalResourceId",), "", "PhysicalResourceId must be non-empty text"),
        ("Create", ("ResourceProperties",), ABSENT, "ResourceProperties must be an object."),
        ("Update", ("ResourceProperties",), [], "ResourceProperties must be an object."),
        ("Create", ("ResourceProperties", "Algorithm"), ABSENT, "rsa-2048 or ecdsa-p256."),
        ("Create", ("ResourceProperties", "Algorithm"), "rsa-4096", "rsa-2048 or ecdsa-p256."),
        ("Update", ("ResourceProperties", "Algorithm"), {"a": 1}, "rsa-2048 or ecdsa-p256."),
    ],
)
def test_the_response_to_a_malformed_request_says_what_is_wrong(
    stack: Stack, request_type: str, path: tuple[str, ...], value: Any, says: str
) -> None:
    event = _changed(stack.event(request_type, "E1GROUP"), path, value)
    (answer,) = stack.run(event)
    assert answer["Status"] == "FAILED"
    assert says in answer["Reason"]
    assert stack.account.actions == []


def test_a_missing_field_is_empty_in_the_response(stack: Stack) -> None:
    event = stack.event("Create", StackId=None, LogicalResourceId=7)
    (answer,) = stack.run(event)
    assert ("", event["RequestId"], "") == (
        answer["StackId"],
        answer["RequestId"],
        answer["LogicalResourceId"],
    )


@pytest.mark.parametrize("value", [ABSENT, "", 7, "file:///etc/passwd", "http://a/", "https://a b"])
def test_a_request_without_a_usable_response_url_is_an_error(stack: Stack, value: Any) -> None:
    event = _changed(stack.event("Create"), ("ResponseURL",), value)
    with pytest.raises(UnanswerableRequest, match="no ResponseURL"):
        stack.run(event)
    assert (stack.url.tries, stack.account.actions) == (0, [])


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_a_request_of_another_stack_changes_nothing(stack: Stack, request_type: str) -> None:
    """Anyone who may invoke the function can make up a request."""
    group_id = stack.create()
    stack.account.record()
    answer = stack.request(request_type, group_id, StackId=f"{stack.id}-of-another")
    assert answer["Status"] == "FAILED"
    assert "its own stack only" in answer["Reason"]
    assert stack.account.actions == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"RequestType": "Create"}, True),
        ({"ResponseURL": "https://example.com/"}, True),
        ({"Step": "createSecret", "SecretId": "arn", "ClientRequestToken": "token"}, False),
        ({}, False),
        (None, False),
        ("RequestType", False),
        (["RequestType"], False),
    ],
)
def test_a_custom_resource_request_is_recognized_by_its_fields(
    event: object, expected: bool
) -> None:
    assert expected == is_request(event)


def test_delete_does_not_read_the_properties(stack: Stack) -> None:
    event = _changed(stack.event("Delete", "E1GROUP"), ("ResourceProperties",), ABSENT)
    assert Request.of(event).properties == {}


@pytest.mark.parametrize("physical_id", [None, "", 7])
def test_a_resource_without_an_id_gets_the_placeholder(stack: Stack, physical_id: object) -> None:
    event = stack.event("Create", PhysicalResourceId=physical_id)
    assert Sender.of(event, placeholder=PLACEHOLDER).physical_id == PLACEHOLDER


@pytest.mark.parametrize("length", [0, 1, 2000, 4000, 5000, 100_000])
def test_a_response_has_at_most_4096_bytes_and_as_much_of_the_reason_as_fits(
    stack: Stack, length: int
) -> None:
    """With the longest possible IDs: 1024 for ours, 255 for a logical ID."""
    event = stack.event("Update", "p" * 1024, LogicalResourceId="L" * 255)
    answer = Answer(status="FAILED", reason="r" * length, physical_id="p" * 1024)
    letter = Sender.of(event, placeholder=PLACEHOLDER).letter(answer)
    kept = len(json.loads(letter)["Reason"])
    assert len(letter) == 4096 if kept < length else len(letter) <= 4096


def test_the_url_is_not_shown_with_its_sender(stack: Stack) -> None:
    assert SIGNATURE not in repr(Sender.of(stack.event("Create"), placeholder=PLACEHOLDER))
