"""What functions have in common whose code the template holds: an answer and a call, in few bytes.

`shared.answering` and `shared.calls` say more of what went wrong, and are several times as long.
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.failure import Failure
from shared.log import note

SDK = Config(
    connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""The time-outs and attempts of every client."""

_PAUSES = (0, 1, 2, 4)  # seconds, before each try to deliver an answer
_DELIVERY_SECONDS = 5

Event = Mapping[str, Any]


class Refused(Failure):
    """AWS answered a call with an error."""

    def __init__(self, action: str, code: str) -> None:
        super().__init__(
            f"{action} was refused ({code}): allow it to the function's role if it is denied, or"
            " try again in some minutes"
        )
        self.code = code


def call(action: str, operation: Callable[..., Any], **arguments: object) -> Any:
    """What `operation`, a client's method, answers; `action` is its name in IAM.

    Raises:
        Refused: AWS answered with an error; `code` is AWS's.
        Failure: There was no answer.
    """
    # the SDK's own sentences quote hosts and what was sent
    try:
        return operation(**arguments)
    except ClientError as error:
        raise Refused(action, error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise Failure(
            f"{action} got no answer ({type(error).__name__}): try again in some minutes"
        ) from None


def reply(
    event: Event,
    act: Callable[[], tuple[str, Mapping[str, str]]],
    *,
    physical_id: str,
    sleep: Callable[[float], None],
) -> None:
    """Do what a custom resource's request asks for and answer CloudFormation.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html

    Args:
        event: the request, as CloudFormation sends it.
        act: does what was asked; returns a sentence about it, and what Fn::GetAtt finds.
        physical_id: the resource's, whether it succeeds or not.
        sleep: waits for that many seconds.

    Raises:
        RuntimeError: CloudFormation did not take the answer; Lambda runs the event again.
    """
    data: Mapping[str, str] = {}
    try:
        status, (reason, data) = "SUCCESS", act()
    except Failure as failure:
        status, reason = "FAILED", str(failure)
    note("answering", status=status, reason=reason)
    answer = {
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": physical_id,
        "Data": data,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    _deliver(json.dumps(answer).encode(), event["ResponseURL"], sleep)


def _deliver(answer: bytes, url: str, sleep: Callable[[float], None]) -> None:
    """Neither error nor log line shows the URL: whoever has it can answer in our place."""
    for pause in _PAUSES:
        sleep(pause)
        try:
            request = urllib.request.Request(  # noqa: S310 - CloudFormation's https
                url, data=answer, headers={"Content-Type": ""}, method="PUT"
            )
            with urllib.request.urlopen(request, timeout=_DELIVERY_SECONDS):  # noqa: S310 - as above
                return
        except (OSError, HTTPException, ValueError):
            note("answer not taken")
    raise RuntimeError("CloudFormation did not take the answer; Lambda runs the event again.")
