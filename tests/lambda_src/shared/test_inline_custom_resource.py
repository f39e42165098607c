"""Inline custom resource: responses are delivered as S3 requires, and nothing secret leaks."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from shared import inline_custom_resource
from shared.errors import Failure
from shared.inline_custom_resource import SDK, CallFailed, aws, reply
from tests.lambda_src.channel_guard.fake_medialive import CALL_SECONDS
from tests.lambda_src.shared.simulated_time import Clock, Context
from tests.lambda_src.signing_key.cloudformation import (
    SIGNATURE,
    ResponseUrl,
    response_url,
    trusted_response_url,
)

WORDS = "what-aws-says-in-tests"
TIMEOUT, NEEDED = 600, 200
"""Seconds of the function, and what an attempt with its response needs."""
ECHO = {"StackId": "arn:stack", "RequestId": "1", "LogicalResourceId": "Any"}


@pytest.fixture
def url() -> Iterator[ResponseUrl]:
    with response_url() as inbox, trusted_response_url():
        yield inbox


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time passes only in pauses."""
    made = Clock()
    time = SimpleNamespace(time=made, sleep=made.sleep)
    monkeypatch.setattr(inline_custom_resource, "time", time)
    monkeypatch.setenv("STACK_ID", ECHO["StackId"])
    return made


def answered(url: ResponseUrl, **more: Any) -> Mapping[str, Any]:
    """The response that arrives at the URL."""
    asked = {"RequestType": "Update", "ResponseURL": url.address}
    event = {**ECHO, **asked, "ResourceProperties": {"Key": WORDS}}
    act = more.get("act", lambda: ("done", {"Pem": "a key"}))
    context = more.get("context", Context(Clock(), TIMEOUT))
    event |= more.get("event", {})
    reply(event, act, "any-1", context, NEEDED)
    (answer,) = url.taken()
    return answer


def failing(error: Exception) -> Any:
    """A client's method, or `act`, that raises."""

    def fails(**_: object) -> None:
        raise error

    return fails


def test_a_response_has_the_reason_and_the_data(url: ResponseUrl) -> None:
    assert answered(url) == {
        **ECHO,
        "Status": "SUCCESS",
        "Reason": "done",
        "PhysicalResourceId": "any-1",
        "Data": {"Pem": "a key"},
    }
    assert url.headers[0]["Content-Type"] == ""


def test_a_failure_is_a_failed_response(url: ResponseUrl) -> None:
    answer = answered(url, act=failing(Failure("ask later")))
    assert answer == {
        **ECHO,
        "Status": "FAILED",
        "Reason": "ask later",
        "PhysicalResourceId": "any-1",
        "Data": {},
    }


def failing_for(clock: Clock, seconds: float, error: Exception) -> Any:
    """An `act` that raises for that long, and then succeeds."""
    end = clock.now + seconds

    def act() -> tuple[str, Mapping[str, str]]:
        if clock.now < end:
            raise error
        return "done", {}

    return act


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_a_call_that_fails_for_a_while_is_repeated(
    url: ResponseUrl, clock: Clock, kind: str
) -> None:
    act = failing_for(clock, TIMEOUT - NEEDED - 10, CallFailed("throttled"))
    context, event = Context(clock, TIMEOUT), {"RequestType": kind}
    assert answered(url, act=act, context=context, event=event)["Status"] == "SUCCESS"


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_a_call_is_repeated_only_while_there_is_time_for_it(
    url: ResponseUrl, clock: Clock, kind: str
) -> None:
    context, event = Context(clock, TIMEOUT), {"RequestType": kind}
    act = failing(CallFailed("throttled"))
    answer = answered(url, act=act, context=context, event=event)
    assert (answer["Status"], answer["Reason"][:9]) == ("FAILED", "throttled")
    left = context.get_remaining_time_in_millis() / 1000
    assert NEEDED - 5 <= left <= NEEDED


def test_another_failure_of_an_update_is_reported_at_once(url: ResponseUrl, clock: Clock) -> None:
    answered(url, act=failing(Failure("refused")), context=Context(clock, TIMEOUT))
    assert clock.pauses == [0]


def test_a_missing_field_is_named_in_the_response(url: ResponseUrl) -> None:
    answer = answered(url, act=failing(KeyError("Algorithm")))
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "'Algorithm'")


@pytest.mark.parametrize("length", [1999, 2000, 100_000])
def test_a_response_has_at_most_4096_bytes(url: ResponseUrl, length: int) -> None:
    """S3 does not accept more; IDs are as long as CloudFormation allows."""
    names = {"LogicalResourceId": "L" * 255, "PhysicalResourceId": "p" * 1024}
    answer = answered(url, act=failing(Failure("r" * length)), event=names)
    assert answer["Reason"] == "r" * min(length, 2000)
    assert len(url.bodies[-1]) <= 4096 - len(names["PhysicalResourceId"])


def test_it_does_not_wait_for_an_unresponsive_server(
    url: ResponseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(request: Any, **_: object) -> Any:
        return urlopen(request, timeout=1)  # noqa: S310 - the test's own server

    monkeypatch.setattr(inline_custom_resource, "urlopen", impatient)
    url.script = ["silent"]
    assert answered(url)["Status"] == "SUCCESS"
    assert url.tries == 2


def test_another_error_is_left_to_lambda_to_retry(url: ResponseUrl) -> None:
    with pytest.raises(ZeroDivisionError):
        answered(url, act=failing(ZeroDivisionError()))
    assert url.tries == 0


@pytest.mark.parametrize(
    "script", [["500"], ["503", "500"], ["reset"], ["403", "reset", "500"], ["reset"] * 3]
)
def test_a_response_that_is_rejected_at_first_is_accepted_once_later(
    url: ResponseUrl, clock: Clock, script: list[str]
) -> None:
    url.script = list(script)
    assert answered(url)["Status"] == "SUCCESS"
    assert clock.pauses == [0, 1, 2, 4][: len(script) + 1]


@pytest.mark.parametrize("what", ["500", "307", "reset"])
def test_a_response_that_is_never_accepted_is_an_error_without_the_url(
    url: ResponseUrl, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url.script = [what] * 99
    with pytest.raises(RuntimeError, match="CloudFormation did not accept the response") as caught:
        answered(url)
    assert url.tries == 4
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "response not accepted" in told
    assert not any(secret in told for secret in (SIGNATURE, url.address, WORDS))


@pytest.mark.parametrize(
    "address",
    [
        f"https://[broken/?X-Amz-Signature={SIGNATURE}",
        f"https:{SIGNATURE}",
        f"https://127.0.0.1:no-port/?X-Amz-Signature={SIGNATURE}",
        f"https://127.0.0.1:1/?X-Amz-Signature={SIGNATURE}",
        f"https://nowhere.invalid/?X-Amz-Signature={SIGNATURE}",
    ],
)
def test_an_unreachable_url_is_an_error_that_does_not_show_it(
    url: ResponseUrl, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError) as caught:
        answered(url, event={"ResponseURL": address})
    assert SIGNATURE not in "".join(traceback.format_exception(caught.value)) + caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {"ResponseURL": ""},
        {"ResponseURL": f"http://nowhere/{SIGNATURE}"},
        {"ResponseURL": f"file:///{SIGNATURE}"},
        {"StackId": "arn:stack-of-another"},
        {"StackId": None},
    ],
)
def test_nothing_is_done_for_a_request_that_is_not_the_stacks_own(
    url: ResponseUrl, event: dict[str, str]
) -> None:
    """Anyone who may invoke the function can make up a request."""
    with pytest.raises(ValueError, match=r"^not a request of this stack$"):
        answered(url, event=event, act=failing(AssertionError("done")))
    assert url.tries == 0


class Service:
    """A client whose only action returns its arguments, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def echo_all(self, **sent: object) -> Mapping[str, object]:
        """Like boto3's."""
        if self._error:
            raise self._error
        return sent


def calling(error: Exception | None = None, absent: str = "") -> Any:
    """What the call returns if the service returns this error."""
    with patch.object(inline_custom_resource, "client", {"any": Service(error)}.__getitem__):
        return aws("any:EchoAll", absent, Name=WORDS)


def test_a_call_returns_the_service_response() -> None:
    assert calling() == {"Name": WORDS}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "Throttling", "Message": WORDS}}, "Any"), "Throttling"),
        (ReadTimeoutError(endpoint_url=WORDS), "ReadTimeoutError"),
        (ParamValidationError(report=WORDS), "ParamValidationError"),
        (ResponseParserError(WORDS), "ResponseParserError"),
    ],
)
def test_a_failed_call_is_reported_without_the_service_message(error: Exception, code: str) -> None:
    expected = rf"any:EchoAll failed \({code}\): try again later"
    with pytest.raises(CallFailed, match=expected) as caught:
        calling(error)
    assert WORDS not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "ForbiddenException"])
def test_only_a_missing_permission_is_to_be_allowed(code: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": WORDS}}, "Any")
    expected = rf"any:EchoAll failed \({code}\): allow it for the function's role$"
    with pytest.raises(CallFailed, match=expected):
        calling(error)


def test_an_expected_absence_is_not_a_failure() -> None:
    error = ClientError({"Error": {"Code": "NotFound", "Message": WORDS}}, "Any")
    assert calling(error, "NotFound") == {}
    with pytest.raises(CallFailed):
        calling(error, "NoSuchThing")


def test_a_call_takes_no_longer_than_calculated() -> None:
    """One attempt: after a lost response, the SDK would repeat what has taken effect."""
    given: Any = SDK
    assert given.retries == {"total_max_attempts": 1}
    assert given.connect_timeout + given.read_timeout == CALL_SECONDS
