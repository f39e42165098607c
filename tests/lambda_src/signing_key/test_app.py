"""Lambda handler: which events it accepts, and what happens if it cannot start."""

import pytest

from signing_key import app
from signing_key.app import UnknownEvent
from signing_key.cloudformation_handler import PHYSICAL_ID
from tests.lambda_src.signing_key.cloudformation import NAME, ResponseUrl, Stack
from tests.lambda_src.signing_key.expectations import assert_nothing_left, assert_whole


class LambdasContext:
    """Always ten minutes."""

    def get_remaining_time_in_millis(self) -> int:
        return 600_000


@pytest.fixture
def variables(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The function's environment, set as Lambda sets it."""
    monkeypatch.setenv("STACK_ID", stack.id)
    monkeypatch.setenv("SECRET_ARN", stack.secret_arn)
    monkeypatch.setenv("NAME", NAME)
    monkeypatch.setenv("GRACE_SECONDS", "900")
    return stack


@pytest.mark.usefixtures("new_container")
def test_the_handler_creates_and_deletes(variables: Stack) -> None:
    stack = variables
    app.handler(stack.event("Create"), LambdasContext())
    (answer,) = stack.url.taken()
    assert_whole(stack)
    app.handler(stack.event("Delete", answer["PhysicalResourceId"]), LambdasContext())
    assert [gone["Status"] for gone in stack.url.taken()] == ["SUCCESS"]
    assert_nothing_left(stack)


@pytest.mark.parametrize(
    "event",
    [
        {"Act": "revoke"},
        {},
        None,
        "Create",
    ],
)
def test_any_other_event_is_an_error(variables: Stack, event: object) -> None:
    with pytest.raises(UnknownEvent, match="not a CloudFormation custom resource request"):
        app.handler(event, LambdasContext())
    assert (variables.account.actions, variables.url.tries) == ([], 0)


@pytest.mark.parametrize("variable", ["SECRET_ARN", "NAME", "GRACE_SECONDS"])
def test_a_missing_variable_is_a_failed_response(
    variables: Stack, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv(variable)
    app.handler(variables.event("Create"), LambdasContext())
    (answer,) = variables.url.taken()
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", PHYSICAL_ID)
    assert f"{variable} is missing" in answer["Reason"]


@pytest.mark.usefixtures("new_container")
def test_an_sdk_that_cannot_start_is_a_failed_response(
    variables: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    app.handler(variables.event("Create"), LambdasContext())
    (answer,) = variables.url.taken()
    assert answer["Status"] == "FAILED"
    assert "cannot start in this function (NoRegionError)" in answer["Reason"]


def test_a_response_that_is_accepted_at_the_second_attempt_arrives_once(stack: Stack) -> None:
    stack.url.script = ["500"]
    assert stack.request("Create")["Status"] == "SUCCESS"


@pytest.mark.parametrize("what", ["500", "reset"])
def test_when_no_response_is_accepted_the_retried_event_has_the_same_result(
    stack: Stack, url: ResponseUrl, what: str
) -> None:
    event = stack.event("Create")
    url.script = [what] * 4
    with pytest.raises(RuntimeError, match="did not accept the response"):
        stack.run(event)
    assert url.taken() == []
    (answer,) = stack.run(event)
    assert (answer["Status"], answer["Data"]) == (
        "SUCCESS",
        {"KeyGroupId": stack.account.group(NAME).id},
    )
    assert_whole(stack)
