"""AWS SDK clients and calls that end before the Lambda timeout or report why they failed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ParamSpec, Self, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.errors import Failure
from shared.lambda_context import LambdaContext
from shared.log import disable_debug

ANSWER_SECONDS = 60
"""Nothing starts when only this is left.

A response to CloudFormation takes up to 47 seconds; creating a key, or anything else without a
timeout, takes the rest.
"""

P = ParamSpec("P")
T = TypeVar("T")

# In seconds. One call: 3 attempts of at most 1 to connect and 5 to read, and the SDK's pauses
# between them of at most 1 and 2, each 5 longer if AWS requests it: 18 + 13 = 31.
# No call starts that could end too late to send the response.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_ATTEMPTS = 3
_CONNECT_SECONDS = 1
_READ_SECONDS = 5
_ASKED_FOR_SECONDS = 5

CALL_SECONDS = _ATTEMPTS * (_CONNECT_SECONDS + _READ_SECONDS) + sum(
    2**attempt + _ASKED_FOR_SECONDS for attempt in range(_ATTEMPTS - 1)
)
"""The longest that one call can take, with all its attempts."""

SDK = Config(
    connect_timeout=_CONNECT_SECONDS,
    read_timeout=_READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
)
"""Timeouts and attempts of every client."""

_NEW_SECONDS = 60
_PAUSE_SECONDS = 5
_DENIALS = ("AccessDenied", "AccessDeniedException")

_DENIED = (
    "Allow {action} for the function's role; a permissions boundary or a service control policy may"
    " also deny it."
)
_THROTTLED = "AWS is throttling requests: try again in a few minutes."
_TROUBLED = "AWS has a problem at the moment: try again in a few minutes."
_UNKNOWN = "Look up the code in the API reference of this call, fix the cause, and try again."

Hints = Mapping[str, str]
"""What to do, by AWS error code; `{action}` is replaced by the call."""

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
    """Lambda's remaining time, minus the time that the response to CloudFormation may need."""

    remaining: Callable[[], float]
    """Seconds until Lambda stops the function."""
    sleep: Callable[[float], None]
    """Waits for the given number of seconds."""

    @classmethod
    def of(cls, context: LambdaContext, sleep: Callable[[float], None]) -> Self:
        """The deadline from the Lambda `context`."""
        return cls(
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
            sleep=sleep,
        )

    def allows(self, seconds: float) -> bool:
        """Whether an operation of up to `seconds` leaves enough time for the response."""
        return self.remaining() - seconds >= ANSWER_SECONDS


class Refused(Failure):
    """AWS returned an error."""

    def __init__(self, action: str, code: str, hints: Hints, *, tried: str = "") -> None:
        what_to_do = {**_HINTS, **hints}.get(code, _UNKNOWN).format(action=action)
        super().__init__(f"{action} failed ({code}{tried}). {what_to_do}")
        self.code = code


class Unanswered(Failure):
    """A call got no response; it may or may not have taken effect."""

    def __init__(self, action: str, error: Exception) -> None:
        # the SDK's own messages quote hosts and request data
        super().__init__(
            f"{action} got no response ({type(error).__name__}). Try again in a few minutes; if it"
            " keeps failing, check the AWS Health Dashboard."
        )


class OutOfTime(Failure):
    """A call was not started because it could have outlasted the function."""

    def __init__(self, action: str) -> None:
        super().__init__(
            f"The function ran out of time before {action}. Completed steps are kept: create,"
            " update, or delete the stack again to continue."
        )


class Overtaken(Failure):
    """Something else changed the keys at the same time."""

    def __init__(self) -> None:
        super().__init__(
            "Something else changed the keys or the key group at the same time, or this took too"
            " long. If it had made a new key, that was discarded: repeat it."
        )


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls AWS while there is time left."""

    deadline: Deadline
    hints: Hints = field(default_factory=dict)
    """What to do about error codes that only some functions get."""
    denied_until: float | None = None
    """Down to how many remaining seconds a denied call is tried again; None: it is not."""

    def with_new_role(self) -> Self:
        """The same, but for a minute from now, a denied call is tried again.

        IAM takes a while to apply a new role's permissions.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
        """
        return replace(self, denied_until=self.deadline.remaining() - _NEW_SECONDS)

    def __call__(
        self, action: str, operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call `operation`, a client's method; `action` is its name in IAM.

        Raises:
            Refused: AWS returned an error; `code` is the AWS error code.
            Unanswered: No attempt got a response.
            OutOfTime: The call could have ended too late, so it was not made.
        """
        while True:
            if not self.deadline.allows(CALL_SECONDS):
                raise OutOfTime(action)
            try:
                return operation(*args, **kwargs)
            except ClientError as error:
                code = error.response["Error"]["Code"]
            # any error: the SDK reads an answer of another shape as if it had the right one
            except Exception as error:  # noqa: BLE001 - see above
                raise Unanswered(action, error) from None
            tried = ""
            if code in _DENIALS and self.denied_until is not None:
                tried = ", tried for a minute"
                if self.deadline.remaining() > self.denied_until:
                    self.deadline.sleep(_PAUSE_SECONDS)
                    continue
            raise Refused(action, code, self.hints, tried=tried)


def built(build: Callable[[], T]) -> T:
    """Return what `build` creates with `boto3.client`.

    Raises:
        Failure: The SDK cannot create it, for example without a Region.
    """
    disable_debug()
    try:
        return build()
    except BotoCoreError as error:
        raise Failure(
            f"The AWS SDK cannot start in this function ({type(error).__name__}): check its"
            " environment variables, AWS_REGION first."
        ) from None
