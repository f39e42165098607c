"""AWS SDK clients and calls: in time before Lambda's timeout, or with a reason in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ParamSpec, Self, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from shared.errors import Failure
from shared.lambda_context import LambdaContext
from shared.log import disable_debug
from signing_key.custom_resource import ANSWER_SECONDS

P = ParamSpec("P")
T = TypeVar("T")

# The arithmetic, in seconds. One call: 3 attempts of at most 1 to connect and 5 to answer, and the
# SDK's pauses between them, at most 1 and 2, each 5 longer when AWS asks for it: 18 + 13 = 31.
# No call is begun that could end too late for the answer.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_ATTEMPTS = 3
_CONNECT_SECONDS = 1
_READ_SECONDS = 5
_ASKED_FOR_SECONDS = 5

CALL_SECONDS = _ATTEMPTS * (_CONNECT_SECONDS + _READ_SECONDS) + sum(
    2**attempt + _ASKED_FOR_SECONDS for attempt in range(_ATTEMPTS - 1)
)
"""What one call may take at most, with all its attempts."""

SDK = Config(
    connect_timeout=_CONNECT_SECONDS,
    read_timeout=_READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
)
"""The time-outs and attempts of every client."""

_DENIED = (
    "Allow {action} to the function's role; a permissions boundary or a service control policy may"
    " forbid it, too."
)
_THROTTLED = "AWS takes fewer requests at the moment: try again in some minutes."
_TROUBLED = "AWS has trouble at the moment: try again in some minutes."
_UNKNOWN = "Look the code up in the API reference of this call, remove the cause and try again."

Hints = Mapping[str, str]
"""What to do, by AWS's error code; `{action}` stands for the call."""

_HINTS: Hints = MappingProxyType(
    {
        "AccessDenied": _DENIED,
        "AccessDeniedException": _DENIED,
        "Throttling": _THROTTLED,
        "ThrottlingException": _THROTTLED,
        "TooManyRequestsException": _THROTTLED,
        "InternalError": _TROUBLED,
        "InternalServiceError": _TROUBLED,
        "InternalServerErrorException": _TROUBLED,
        "ServiceUnavailable": _TROUBLED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Lambda's countdown, less the time that the answer to CloudFormation may need."""

    remaining: Callable[[], float]
    """Seconds until Lambda stops the function."""
    sleep: Callable[[float], None]
    """Waits for that many seconds."""

    @classmethod
    def of(cls, context: LambdaContext, sleep: Callable[[float], None]) -> Self:
        """The time that Lambda's `context` still grants."""
        return cls(
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
            sleep=sleep,
        )

    def allows(self, seconds: float) -> bool:
        """Whether something that takes up to `seconds` still leaves enough time for the answer."""
        return self.remaining() - seconds >= ANSWER_SECONDS


class Refused(Failure):
    """AWS answered a call with an error."""

    def __init__(self, action: str, code: str, hints: Hints) -> None:
        what_to_do = {**_HINTS, **hints}.get(code, _UNKNOWN).format(action=action)
        super().__init__(f"{action} was refused ({code}). {what_to_do}")
        self.code = code


class Unanswered(Failure):
    """A call got no answer: whether it had an effect is not known."""

    def __init__(self, action: str, error: Exception) -> None:
        # the SDK's own sentences quote hosts and what was sent
        super().__init__(
            f"{action} got no answer ({type(error).__name__}). Try again in some minutes; if it"
            " keeps failing, see the AWS Health Dashboard."
        )


class OutOfTime(Failure):
    """A call was not begun, because it could have ended after the function."""

    def __init__(self, action: str) -> None:
        super().__init__(
            f"The function's time was nearly over before {action}. What was done until then is"
            " kept: create, update or delete the stack again and it goes on from there."
        )


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls AWS, as long as there is time."""

    deadline: Deadline
    hints: Hints = field(default_factory=dict)
    """What to do about codes that only some functions meet."""

    def __call__(
        self, action: str, operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `operation`, a client's method, answers; `action` is its name in IAM.

        Raises:
            Refused: AWS answered with an error; `code` is AWS's.
            Unanswered: There was no answer in any attempt.
            OutOfTime: The call could have ended too late and was not made.
        """
        if not self.deadline.allows(CALL_SECONDS):
            raise OutOfTime(action)
        try:
            return operation(*args, **kwargs)
        except ClientError as error:
            raise Refused(action, error.response["Error"]["Code"], self.hints) from None
        except (BotoCoreError, ResponseParserError) as error:
            raise Unanswered(action, error) from None


def built(build: Callable[[], T]) -> T:
    """What `build` makes with `boto3.client`.

    Raises:
        Failure: The SDK cannot build it, for want of a Region for example.
    """
    disable_debug()
    try:
        return build()
    except BotoCoreError as error:
        raise Failure(
            f"The AWS SDK cannot start in this function ({type(error).__name__}): look at its"
            " environment variables, AWS_REGION first."
        ) from None
