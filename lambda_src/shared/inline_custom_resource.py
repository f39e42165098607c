"""CloudFormation custom resource in few bytes: call and answer of functions with inline code.

`signing_key.cloudformation_handler` and `signing_key.calls` say more of what went wrong, and are
much longer.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.request import Request, urlopen

from botocore.config import Config
from botocore.exceptions import ClientError

from shared.errors import Failure
from shared.log import note

SDK = Config(
    connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""The time-outs and attempts of every client: a call takes at most 31 seconds."""

Event = Mapping[str, Any]


def call(action: str, operation: Callable[..., Any], absent: str = "", **arguments: object) -> Any:
    """What `operation`, a client's method, answers; {} if AWS refuses it with the code `absent`.

    `action` is its name in IAM.

    Raises:
        Failure: AWS answered with another error, or not at all.
    """
    try:
        return operation(**arguments)
    # whatever it is: the SDK's own sentences quote hosts and what was sent
    except Exception as error:  # noqa: BLE001 - as said
        code = type(error).__name__
        if isinstance(error, ClientError):
            code = error.response["Error"]["Code"]
        if code == absent:
            return {}
        raise Failure(
            f"{action} failed ({code}): allow it to the function's role or try again later"
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
        ValueError: The request does not say where the answer goes; nothing was done.
        RuntimeError: CloudFormation did not take the answer; Lambda runs the event again.
    """
    # no error and no line of the log shows it: whoever has it can answer in our place
    url = event["ResponseURL"]
    if not url.startswith("http"):
        raise ValueError("no ResponseURL")
    data: Mapping[str, str] = {}
    try:
        status, (reason, data) = "SUCCESS", act()
    # what is no key was never in a template of ours, but somebody waits for the answer
    except (Failure, KeyError) as failure:
        status, reason = "FAILED", str(failure)
    note("answering", status=status, reason=reason)
    answer = {
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": physical_id,
        "Data": data,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    for pause in (0, 1, 2, 4):
        sleep(pause)
        try:
            # S3 takes it without a type of content only, and urllib would add one of its own
            request = Request(url, json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's https
            with urlopen(request, timeout=5):  # noqa: S310 - as above
                return
        except Exception:  # noqa: BLE001 - tried again, and some texts quote the URL
            note("answer not taken")
    raise RuntimeError("CloudFormation did not take the answer")
