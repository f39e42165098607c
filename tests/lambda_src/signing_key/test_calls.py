"""AWS calls: error messages and maximum duration."""

import contextlib
import io
import re
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from signing_key.app import clients
from signing_key.calls import (
    ANSWER_SECONDS,
    CALL_SECONDS,
    SDK,
    Calls,
    Deadline,
    OutOfTime,
    Refused,
    Unanswered,
)
from signing_key.cloudfront_resources import LOOK_AGAIN_SECONDS
from signing_key.error_hints import HINTS
from tests.lambda_src.shared.simulated_time import START, Clock, Context
from tests.lambda_src.signing_key.aws_account import Account, refusal
from tests.lambda_src.signing_key.cloudformation import TIMEOUT
from tests.lambda_src.signing_key.sequences import LONGEST_WAY

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient

THROTTLED = b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"


def _calls(clock: Clock, timeout: float = TIMEOUT) -> Calls:
    return Calls(deadline=Deadline.of(Context(clock, timeout), clock.sleep), hints=HINTS)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("AccessDenied", "Allow cloudfront:CreatePublicKey for the function's role"),
        ("AccessDeniedException", "Allow cloudfront:CreatePublicKey for the function's role"),
        ("Throttling", "try again in a few minutes"),
        ("ThrottlingException", "try again in a few minutes"),
        ("InternalError", "AWS has a problem at the moment"),
        ("InternalServiceError", "AWS has a problem at the moment"),
        ("ServiceUnavailable", "AWS has a problem at the moment"),
        ("TooManyPublicKeys", "request a quota increase"),
        ("TooManyKeyGroups", "request a quota increase"),
        ("TooManyPublicKeysInKeyGroup", "request a quota increase"),
        ("ResourceNotFoundException", "create the stack again"),
        ("InvalidRequestException", "restore it and try again"),
        ("DecryptionFailure", "use the secret's KMS key"),
        ("EncryptionFailure", "use the secret's KMS key"),
        ("SomethingNew", "API reference of this call"),
    ],
)
def test_an_error_names_call_code_and_remedy_but_not_the_aws_message(
    clock: Clock, code: str, says: str
) -> None:
    def operation() -> None:
        raise refusal(code, "cloudfront:CreatePublicKey")

    with pytest.raises(Refused) as caught:
        _calls(clock)("cloudfront:CreatePublicKey", operation)
    assert str(caught.value).startswith(f"cloudfront:CreatePublicKey failed ({code}). ")
    assert says in str(caught.value)
    assert "MESSAGE-OF-AWS" not in "".join(traceback.format_exception(caught.value))


def test_a_call_without_a_response_is_reported_with_only_the_error_type(clock: Clock) -> None:
    def operation() -> None:
        raise ReadTimeoutError(endpoint_url="https://secret.example/")

    with pytest.raises(Unanswered, match=re.escape("(ReadTimeoutError)")) as caught:
        _calls(clock)("cloudfront:CreatePublicKey", operation)
    assert "secret.example" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("error", [AttributeError, TypeError, ResponseParserError])
def test_an_answer_of_another_shape_is_no_answer(clock: Clock, error: type[Exception]) -> None:
    """The SDK reads it as if it had the right one, so any error is possible."""

    def operation() -> None:
        raise error("MESSAGE-OF-AWS")

    with pytest.raises(Unanswered, match=error.__name__) as caught:
        _calls(clock)("secretsmanager:GetSecretValue", operation)
    assert "MESSAGE-OF-AWS" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("timeout", "made"),
    [(CALL_SECONDS + ANSWER_SECONDS, 1), (CALL_SECONDS + ANSWER_SECONDS - 1, 0)],
)
def test_a_call_is_made_only_if_it_is_sure_to_end_in_time_for_the_response(
    clock: Clock, timeout: float, made: int
) -> None:
    done: list[int] = []
    with contextlib.suppress(OutOfTime):
        _calls(clock, timeout)("cloudfront:CreatePublicKey", done.append, 1)
    assert made == len(done)


class _Raw(io.BytesIO):
    """The body of an HTTP response, as in urllib3."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@pytest.fixture
def client(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> "Iterator[CloudFrontClient]":
    """A client with the function's settings, whose pauses take no time."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", clock.sleep)
    with mock_aws():
        yield boto3.client("cloudfront", region_name="us-east-1", config=SDK)


def test_the_longest_run_fits_in_the_functions_timeout(
    account: Account,  # noqa: ARG001 - clients are created inside moto
) -> None:
    """From the clients' settings: attempts * (connect + read) + pauses, for every call."""
    aws = clients()
    configs: list[Any] = [aws.cloudfront.meta.config, aws.secretsmanager.meta.config]
    for config in configs:
        attempts = config.retries["total_max_attempts"]
        assert config.retries["mode"] == "standard"
        time_outs = attempts * (config.connect_timeout + config.read_timeout)
        pauses = sum(min(2**attempt, 20) + 5 for attempt in range(attempts - 1))
        assert time_outs + pauses == CALL_SECONDS
        longest = LONGEST_WAY * (time_outs + pauses) + 2 * sum(LOOK_AGAIN_SECONDS)
        assert longest + ANSWER_SECONDS <= TIMEOUT


def _answer_with(client: "CloudFrontClient", answer: Callable[..., Any]) -> None:
    """Replace the network with `answer`."""
    client.meta.events.register_first("before-send.cloudfront", answer)


def test_the_sdk_gives_up_on_an_unresponsive_service_within_the_time_for_a_call(
    client: "CloudFrontClient", clock: Clock
) -> None:
    attempts: list[str] = []

    def silent(**_: object) -> None:
        attempts.append("one")
        clock.sleep(SDK.connect_timeout + SDK.read_timeout)  # type: ignore[attr-defined]  # set by its constructor
        raise ReadTimeoutError(endpoint_url="https://cloudfront.example/")

    _answer_with(client, silent)
    with pytest.raises(ReadTimeoutError):
        client.list_public_keys()
    assert len(attempts) == 3
    assert clock.now - START <= CALL_SECONDS


def test_the_sdk_gives_up_on_a_throttling_service_within_the_time_for_a_call(
    client: "CloudFrontClient", clock: Clock
) -> None:
    attempts: list[str] = []

    def throttled(**_: object) -> AWSResponse:
        attempts.append("one")
        headers = HTTPHeaders.from_dict({"x-amz-retry-after": "60000"})
        return AWSResponse("https://cloudfront.example/", 429, headers, _Raw(THROTTLED))

    _answer_with(client, throttled)
    with pytest.raises(ClientError, match="Throttling"):
        client.list_public_keys()
    assert len(attempts) == 3
    assert clock.now - START <= CALL_SECONDS
