"""What the guard sees and does in its account: the stack, its channel, and notes about them."""

import time
from functools import cache
from os import environ
from typing import TYPE_CHECKING, Any

import boto3
from botocore import xform_name

from shared.errors import Failure
from shared.inline_custom_resource import SDK, call
from shared.log import disable_debug

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

RUNNING = ("RUNNING", "RECOVERING")
"""The states of a channel that can be stopped."""
ON_AIR = ("STARTING", *RUNNING)
"""The states in which viewers see a show, or are about to, and in which MediaLive sends a bill."""

OWED = "restart-owed"
"""The note that is there from before a channel is stopped for an update until it starts again."""
SINCE = "running-since"
"""The note of the channel's last start, in epoch seconds; there while it is on the air."""


@cache
def client(service: str) -> Any:
    """The client of a service, built when it is first needed."""
    disable_debug()
    return boto3.client(service, config=SDK)  # type: ignore[call-overload]  # any service


def aws(action: str, absent: str = "", **arguments: object) -> Any:
    """What AWS answers to an action, named as in IAM; {} if it refuses it with the code `absent`.

    Raises:
        Failure: It did not work.
    """
    service, name = action.split(":")
    return call(action, getattr(client(service), xform_name(name)), absent, **arguments)


def stack_status() -> Any:
    """What becomes of the stack at this moment, in CloudFormation's word."""
    (stack,) = aws("cloudformation:DescribeStacks", StackName=environ["STACK_ID"])["Stacks"]
    return stack["StackStatus"]


def id_of(logical_id: str) -> Any:
    """The id of one of the stack's resources, which no Ref could tell without a circle; or ""."""
    found = aws(
        "cloudformation:DescribeStackResource",
        "ValidationError",  # "Resource ... does not exist for stack ..."
        StackName=environ["STACK_ID"],
        LogicalResourceId=logical_id,
    )
    return found.get("StackResourceDetail", {}).get("PhysicalResourceId", "")


def state_of(channel: str) -> Any:
    """What the channel of that id is doing now, as MediaLive names it.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html
    """
    found = channel and aws("medialive:DescribeChannel", "NotFoundException", ChannelId=channel)
    return found["State"] if found else "DELETED"


def runs(channel: str, context: "LambdaContext", lasting: tuple[str, ...] = RUNNING) -> bool:
    """Whether the channel is in one of the states `lasting`; waits while it passes to another.

    Raises:
        Failure: It takes longer than this function has time.
    """
    # nothing more becomes of one that is IDLE or DELETED, or of which something has FAILED
    while (state := state_of(channel)).endswith("ING") and state not in lasting:
        # A pause, four calls and the answer: 5 + 4 * 31 + 60 seconds. A call has 3 attempts of at
        # most 6 seconds, and between them pauses of at most 6 and 7; the answer has 4 tries of at
        # most 10, 7 seconds of pauses, and some to spare.
        # https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        if context.get_remaining_time_in_millis() < 190_000:
            raise Failure(f"channel {channel} is still {state}: try again when it is idle")
        time.sleep(5)
    return state in lasting


def stop(channel: str, context: "LambdaContext") -> None:
    """Take a channel that runs off the air; ends when it can be changed and deleted.

    Raises:
        Failure: It takes longer than this function has time, as it does if somebody starts it.
    """
    aws("medialive:StopChannel", ChannelId=channel)
    runs(channel, context, ())


def noted(name: str) -> str:
    """What a note says; nothing when there is none.

    Notes are in Parameter Store: tags that CloudFormation did not write would be drift.
    """
    found = aws("ssm:GetParameters", Names=[_path(name)])["Parameters"]
    return found[0]["Value"] if found else ""


def remember(name: str, text: str) -> None:
    """Write a note in place of the one of that name."""
    aws("ssm:PutParameter", Name=_path(name), Value=text, Type="String", Overwrite=True)


def forget(name: str) -> None:
    """Remove a note; nothing when there is none."""
    aws("ssm:DeleteParameter", "ParameterNotFound", Name=_path(name))


def _path(name: str) -> str:
    folder = environ["NOTES"]
    return f"{folder}/{name}"
