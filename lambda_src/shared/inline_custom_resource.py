"""CloudFormation custom resource in few bytes: AWS calls and responses for inline code.

`signing_key.cloudformation_handler` and `signing_key.calls` report errors in more detail, and are
much longer.
"""

import json
import time
from collections.abc import Callable, Mapping
from os import environ
from typing import Any
from urllib.request import Request, urlopen

from botocore.config import Config
from botocore.exceptions import ClientError

from shared.errors import Failure
from shared.log import note

SDK = Config(
    connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""Timeouts and attempts of every client: a call takes at most 31 seconds."""

Event = Mapping[str, Any]


def call(action: str, operation: Callable[..., Any], absent: str = "", **arguments: object) -> Any:
    """Call `operation`, a client's method; return {} if AWS returns the error code `absent`.

    `action` is its name in IAM.

    Raises:
        Failure: AWS returned another error or did not respond.
    """
    try:
        return operation(**arguments)
    # any error: the SDK's own messages quote hosts and request data
    except Exception as error:  # noqa: BLE001 - see above
        code = type(error).__name__
        if isinstance(error, ClientError):
            code = error.response["Error"]["Code"]
        if code == absent:
            return {}
        raise Failure(
            f"{action} failed ({code}): allow it for the function's role or try again later"
        ) from None


def reply(
    event: Event, act: Callable[[], tuple[str, Mapping[str, str]]], *, physical_id: str
) -> None:
    """Handle a custom resource request and respond to CloudFormation.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html

    Args:
        event: the request, as CloudFormation sends it.
        act: performs the request; returns the reason, and the attributes for Fn::GetAtt. A Create
            that fails is tried again for a minute, as IAM and KMS need a while for what is new.
        physical_id: of the resource, for success and failure.

    Raises:
        ValueError: It is not from CloudFormation, or for another stack; nothing was done.
        RuntimeError: CloudFormation did not accept the response; Lambda retries the event.
    """
    # never put it in an error or the log: anyone who has it can respond in our place
    url = event["ResponseURL"]
    # anyone who may invoke the function can make up a request
    if not url.startswith("https:") or event["StackId"] != environ["STACK_ID"]:
        raise ValueError("not a request of this stack")
    until = time.time() + 60 if event["RequestType"] == "Create" else 0
    data: Mapping[str, str] = {}
    while True:
        try:
            status, (reason, data) = "SUCCESS", act()
            break
        # KeyError: not a request from our template, but CloudFormation waits for a response
        except (Failure, KeyError) as failure:
            status, reason = "FAILED", f"{failure} (tried for a minute)" if until else str(failure)
        if time.time() >= until:
            break
        time.sleep(5)
    note("answering", status=status, reason=reason)
    answer = {
        "Status": status,
        "Reason": reason,
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
