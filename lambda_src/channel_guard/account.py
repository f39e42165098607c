"""AWS calls of the channel guard: CloudFormation, MediaLive, and notes in Parameter Store."""

import time
from os import environ
from typing import TYPE_CHECKING, Any

from shared.errors import Failure
from shared.inline_custom_resource import aws

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

RUNNING = ("RUNNING", "RECOVERING")
"""The states of a channel that can be stopped."""
ON_AIR = ("STARTING", *RUNNING)
"""The states in which the channel streams or is about to, and in which it is billed."""
CHANGING = ("CREATING", "STARTING", "STOPPING", "UPDATING", "DELETING")
"""The states that pass without help."""

OWED = "restart-owed"
"""The note that exists from before a channel is stopped for an update until it runs again."""
OBEYED = "obeyed-request"
"""The note of the last request that allowed a change of the channel."""
SINCE = "running-since"
"""The note of the channel's last start in epoch seconds; exists while the channel is on air."""


def stack_status() -> Any:
    """The current CloudFormation stack status."""
    (stack,) = aws("cloudformation:DescribeStacks", StackName=environ["STACK_ID"])["Stacks"]
    return stack["StackStatus"]


def id_of(logical_id: str) -> Any:
    """The physical ID of a stack resource (a Ref would be a circular dependency); or ""."""
    found = aws(
        "cloudformation:DescribeStackResource",
        "ValidationError",  # "Resource ... does not exist for stack ..."
        StackName=environ["STACK_ID"],
        LogicalResourceId=logical_id,
    )
    return found.get("StackResourceDetail", {}).get("PhysicalResourceId", "")


def described(channel: str) -> Any:
    """MediaLive's description of the channel with this ID; one that is deleted has a State alone.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html
    """
    found = channel and aws("medialive:DescribeChannel", "NotFoundException", ChannelId=channel)
    return found or {"State": "DELETED"}


def state_of(channel: str) -> Any:
    """The current MediaLive state of the channel with this ID."""
    return described(channel)["State"]


def push_urls(input_id: str) -> list[list[str]]:
    """The URLs that an encoder pushes to, split at their slashes; none for an input that pulls.

    Such as `rtp://192.0.2.1:5000`; for RTMP: `rtmp://192.0.2.1:1935/application/stream-key`, whose
    order means nothing.

    https://docs.aws.amazon.com/medialive/latest/apireference/inputs-inputid.html
    """
    found = aws("medialive:DescribeInput", InputId=input_id)
    return [one["Url"].split("/") for one in found.get("Destinations", ())]


def settled(channel: str, context: "LambdaContext", passing: tuple[str, ...] = CHANGING) -> Any:
    """The channel's state, as soon as it is in none of the states `passing`.

    Raises:
        Failure: It takes longer than the function may run.
    """
    while True:
        state = state_of(channel)
        # a pause, five calls of 6 seconds until it looks again, and the response to CloudFormation
        if context.get_remaining_time_in_millis() < 95_000:
            raise Failure(f"channel {channel} is still {state}: try again later")
        if state not in passing:
            return state
        time.sleep(5)


def runs(channel: str, context: "LambdaContext") -> bool:
    """Whether the channel runs; waits during a state change.

    Raises:
        Failure: It takes longer than the function may run.
    """
    return settled(channel, context) in RUNNING


def stop(channel: str, context: "LambdaContext") -> None:
    """Stop a running channel; returns once it can be changed and deleted.

    Raises:
        Failure: It takes longer than the function may run, for example if someone starts it again.
    """
    aws("medialive:StopChannel", ChannelId=channel)
    settled(channel, context, (*CHANGING, *RUNNING))


def noted(name: str) -> str:
    """The text of a note; empty if there is none.

    Notes are in Parameter Store because tags not set by CloudFormation would be drift.
    """
    found = aws("ssm:GetParameters", Names=[_path(name)])["Parameters"]
    return found[0]["Value"] if found else ""


def remember(name: str, text: str) -> None:
    """Write a note, replacing any with that name."""
    aws("ssm:PutParameter", Name=_path(name), Value=text, Type="String", Overwrite=True)


def forget(name: str) -> None:
    """Delete a note, if it exists."""
    aws("ssm:DeleteParameter", "ParameterNotFound", Name=_path(name))


def _path(name: str) -> str:
    folder = environ["NOTES"]
    return f"{folder}/{name}"
