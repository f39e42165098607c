"""CloudFormation custom resource: responses of every function, and AWS calls of inline code.

It is inlined in the template, so it is kept short. `signing_key.calls` reports errors of AWS calls
in more detail, and is much longer.
"""

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from os import environ
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from shared.errors import Failure
from shared.log import disable_debug, note

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

SDK = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
"""Timeouts of every client: a call takes at most 6 seconds. `repeated` repeats it, and not the SDK:
after a lost response, the state decides whether to call again."""

Event = Mapping[str, Any]


class CallFailed(Failure):
    """An AWS call failed; most reasons pass: throttling, no response, a permission that is new."""


@cache
def client(service: str) -> Any:
    """The client of a service, created when first needed."""
    disable_debug()
    return boto3.client(service, config=SDK)  # type: ignore[call-overload]  # any service


def aws(action: str, absent: str = "", **arguments: object) -> Any:
    """Call an action, named as in IAM; return {} if AWS returns the error code `absent`.

    Raises:
        CallFailed: AWS returned another error or did not respond.
    """
    service, name = action.split(":")
    try:
        return getattr(client(service), xform_name(name))(**arguments)
    # any error: the SDK's own messages quote hosts and request data
    except Exception as error:  # noqa: BLE001 - see above
        code = type(error).__name__
        if isinstance(error, ClientError):
            code = error.response["Error"]["Code"]
        if code == absent:
            return {}
        advice = "try again later"
        if "Denied" in code or "Forbidden" in code:
            advice = "allow it for the function's role"
        raise CallFailed(f"{action} failed ({code}): {advice}") from None


def repeated(act: Callable[[], Any], context: "LambdaContext", seconds: int) -> Any:
    """The result of `act`, which is repeated while there is time if a call fails.

    Args:
        act: does the work; may be interrupted at any call, and then begins again.
        context: how much time the function has.
        seconds: the time that a pause, `act` and a response take at most.

    Raises:
        Failure: Something else failed.
        CallFailed: A call failed, and there is no time left.
    """
    while True:
        try:
            return act()
        except CallFailed:
            if context.get_remaining_time_in_millis() < seconds * 1000:
                raise
        time.sleep(5)


def reply(
    event: Event,
    act: Callable[[], tuple[str, Mapping[str, str]]],
    physical_id: str,
    context: "LambdaContext",
    seconds: int,
) -> None:
    """Handle a custom resource request and respond to CloudFormation.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html

    Args:
        event: the request, as CloudFormation sends it.
        act: performs the request; returns the reason, and the attributes for Fn::GetAtt.
        physical_id: of the resource, for success and failure.
        context: as for `repeated`.
        seconds: as for `repeated`; the response takes up to 47 seconds.

    Raises:
        ValueError: It is not from CloudFormation, or for another stack; nothing was done.
        RuntimeError: CloudFormation did not accept the response; Lambda retries the event.
    """
    # never put it in an error or the log: anyone who has it can respond in our place
    url = event["ResponseURL"]
    # anyone who may invoke the function can make up a request
    if not url.startswith("https:") or event["StackId"] != environ["STACK_ID"]:
        raise ValueError("not a request of this stack")
    status, data = "SUCCESS", {}
    try:
        reason, data = repeated(act, context, seconds)
    # KeyError: not a request from our template, but CloudFormation waits for a response
    except (Failure, KeyError) as failure:
        status, reason = "FAILED", str(failure)
    note("answering", status=status, reason=reason)
    answer = {
        "Status": status,
        # CloudFormation accepts 4096 bytes in all
        "Reason": reason[:2000],
        "PhysicalResourceId": physical_id,
        "Data": data,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    for pause in (0, 1, 2, 4):
        time.sleep(pause)
        try:
            # S3 accepts it only with an empty content type, and urllib would add its own
            request = Request(url, json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's https
            with urlopen(request, timeout=5):  # noqa: S310 - as above
                return
        except Exception:  # noqa: BLE001 - retried, and some messages quote the URL
            note("response not accepted")
    raise RuntimeError("CloudFormation did not accept the response")
