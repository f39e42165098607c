"""Any call may fail at any time: there is one response in time, and the stack can be deleted."""

import json
from collections import Counter
from dataclasses import dataclass

import pytest

from signing_key.calls import ANSWER_SECONDS, CALL_SECONDS
from signing_key.cloudformation_handler import PHYSICAL_ID
from tests.lambda_src.signing_key.aws_account import FAULTS, Account, Fault
from tests.lambda_src.signing_key.cloudformation import (
    SERVICE_TIMEOUT,
    TIMEOUT,
    Answer,
    Stack,
)
from tests.lambda_src.signing_key.expectations import (
    assert_no_secret,
    assert_nothing_left,
    assert_whole,
    other_peoples,
)
from tests.lambda_src.signing_key.sequences import CALLS, prepared

# what CloudFormation sends after a failed request
NEXT_REQUEST = {"Create": "Delete", "Update": "Update", "Delete": "Delete"}
NAMED = tuple(kind for kind in FAULTS if kind != "crash")


GIVE_UP = 10
"""The call of a Create that removes the label from what has become current."""


@dataclass(frozen=True)
class Point:
    """A call of a request's successful run, and how it fails."""

    request: str
    kind: str
    when: str
    at: int

    def __str__(self) -> str:
        action = CALLS[self.request][self.at - 1].partition(":")[2]
        return f"{self.request}-{self.kind}-{self.when}-{self.at}-{action}"


POINTS = [
    Point(request, kind, when, at + 1)
    for request, actions in CALLS.items()
    for kind in FAULTS
    for when in ("before", "after")
    for at in range(len(actions))
]
FIRST_OF_MANY = [point for point in POINTS if point.when == "before" and point.kind in NAMED]
CALL_NUMBERS = [(request, n + 1) for request, actions in CALLS.items() for n in range(len(actions))]


@pytest.fixture
def others(account: Account) -> list[str]:
    """The names of resources of other owners."""
    other_peoples(account, 2)
    return [*account.key_names, *account.group_names]


def _expected_status(point: Point) -> str:
    """Lambda's retry recovers from a crash, and Delete does not need the secret.

    A Create waits until its role takes effect.
    """
    action = CALLS[point.request][point.at - 1]
    survives = (
        point.kind == "crash"
        or (point.request == "Delete" and action.startswith("secretsmanager"))
        or (point.request, point.kind) == ("Create", "deny")
        or (point.request, point.at) == ("Create", GIVE_UP)
    )
    return "SUCCESS" if survives else "FAILED"


@pytest.mark.parametrize("request_type", CALLS)
def test_successful_runs_make_the_calls_at_which_faults_are_injected(
    stack: Stack, request_type: str
) -> None:
    event = prepared(stack, request_type)
    (answer,) = stack.run(event)
    assert answer["Status"] == "SUCCESS"
    assert list(CALLS[request_type]) == stack.account.actions
    points = Counter(point.kind for point in POINTS if point.request == request_type)
    assert dict.fromkeys(FAULTS, 2 * len(stack.account.actions)) == points
    print(f"{request_type}: {points.total()} points, {dict(points)}")


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_one_response_comes_in_time_and_the_next_request_repairs_everything(
    stack: Stack, others: list[str], point: Point
) -> None:
    event = prepared(stack, point.request)
    stack.account.fault = Fault(kind=point.kind, when=point.when, at=point.at)
    (answer,) = stack.lambda_runs(event)
    stack.account.fault = None
    assert (_expected_status(point), 1) == (answer["Status"], stack.account.struck)
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS
    request = point.request
    if answer["Status"] == "FAILED":
        _check_failure(stack, point, answer)
        request = NEXT_REQUEST[request]
        answer = stack.request(request, answer["PhysicalResourceId"])
    assert answer["Status"] == "SUCCESS"
    if request != "Delete":
        assert_whole(stack)
        answer = stack.request("Delete", answer["PhysicalResourceId"])
    assert answer["Status"] == "SUCCESS"
    assert_nothing_left(stack)
    assert others == [*stack.account.key_names, *stack.account.group_names]


@pytest.mark.slow
@pytest.mark.parametrize("point", [p for p in POINTS if p.request == "Create"], ids=str)
def test_a_failed_create_can_be_repeated(stack: Stack, point: Point) -> None:
    event = prepared(stack, "Create")
    stack.account.fault = Fault(kind=point.kind, when=point.when, at=point.at)
    stack.lambda_runs(event)
    stack.account.fault = None
    group_id = stack.create()
    assert_whole(stack)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize(("request_type", "number"), CALL_NUMBERS)
def test_the_sdks_next_attempt_makes_up_for_a_lost_response(
    stack: Stack, request_type: str, number: int
) -> None:
    """The service made the change, and the SDK retries: the result is the same."""
    event = prepared(stack, request_type)
    stack.account.lost_answer = number
    (answer,) = stack.run(event)
    assert answer["Status"] == "SUCCESS"
    if request_type == "Delete":
        assert_nothing_left(stack)
    else:
        assert_whole(stack)


@pytest.mark.slow
@pytest.mark.parametrize("point", FIRST_OF_MANY, ids=str)
def test_a_lasting_failure_is_reported_in_time_and_repaired_by_the_next_request(
    stack: Stack, point: Point
) -> None:
    event = prepared(stack, point.request)
    stack.account.fault = Fault(kind=point.kind, when=point.when, at=point.at, lasting=True)
    (answer,) = stack.lambda_runs(event)
    stack.account.fault = None
    assert (answer["Status"], stack.account.struck > 0) == ("FAILED", True)
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS
    assert stack.request("Delete", answer["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize(("request_type", "number"), CALL_NUMBERS)
def test_a_function_that_keeps_crashing_leaves_only_what_a_delete_removes(
    stack: Stack, request_type: str, number: int
) -> None:
    """After the ServiceTimeout, CloudFormation deletes with an ID that it generated."""
    event = prepared(stack, request_type)
    stack.account.fault = Fault(kind="crash", when="after", at=number, lasting=True)
    assert stack.lambda_runs(event) == []
    assert stack.account.struck == 3
    stack.account.fault = None
    stack.clock.sleep(SERVICE_TIMEOUT)
    answer = stack.request("Delete", "live-SigningKeyPair-1XQ2W3E4R5T6Y")
    assert answer["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize("request_type", CALLS)
def test_a_successful_run_ends_in_time_when_every_call_takes_its_maximum(
    stack: Stack, request_type: str
) -> None:
    event = prepared(stack, request_type)
    stack.account.seconds_per_call = CALL_SECONDS
    (answer,) = stack.run(event)
    assert answer["Status"] == "SUCCESS"
    assert stack.longest_run == CALL_SECONDS * len(CALLS[request_type]) <= TIMEOUT - ANSWER_SECONDS


def _check_failure(stack: Stack, point: Point, answer: Answer) -> None:
    action = CALLS[point.request][point.at - 1]
    words = {
        "throttle": f"{action} failed (Throttling",
        "deny": f"Allow {action} for the function's role",
        "time-out": f"{action} got no response (ReadTimeoutError)",
    }
    assert words[point.kind] in answer["Reason"]
    assert_no_secret(json.dumps(answer), stack.account)
    is_new = answer["PhysicalResourceId"] == PHYSICAL_ID
    assert is_new == (point.request == "Create")
