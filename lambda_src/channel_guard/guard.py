"""What the guard does for CloudFormation before the channel is changed, made or deleted."""

from typing import TYPE_CHECKING, Any

from channel_guard.account import (
    OWED,
    SINCE,
    aws,
    forget,
    id_of,
    remember,
    runs,
    stack_status,
    stop,
)
from shared.errors import Failure
from shared.inline_custom_resource import Event

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

_ASKED = "StopChannelToUpdate"


def guard(event: Event, context: "LambdaContext") -> str:
    """Custom::ChannelGuard: the channel and its inputs depend on it, and are updated after it.

    Its properties change with whatever changes them.

    Raises:
        Failure: The channel runs, and may not be stopped; or it could not be looked at or stopped.
    """
    if event["RequestType"] != "Update":
        # at first those of a stack of the same name that could not take them along
        forget(OWED)
        forget(SINCE)
        return "done"
    old, new = event["OldResourceProperties"], event["ResourceProperties"]
    same = all(old.get(name) == new[name] for name in ("Channel", "Definition", "References"))
    # on the way back the channel becomes again what it was
    if same or stack_status().startswith("UPDATE_ROLLBACK_"):
        return "no change"
    channel = id_of(old["Channel"])
    if not runs(channel, context):
        return "not on air"
    refusal = f"channel {channel} is on air; stop it first, or deploy with {_ASKED}=Yes"
    if new[_ASKED] != "Yes":
        raise Failure(refusal)
    if old[_ASKED] == "Yes":
        raise Failure(
            f"{refusal} after a deploy with {_ASKED}=No: this Yes is of an earlier update"
        )
    # first the note: whatever happens from here on, the channel is started again
    remember(OWED, channel)
    stop(channel, context)
    return f"channel {channel} is stopped; it starts again after the update"


def on_air(event: Event, context: "LambdaContext") -> str:
    """Custom::OnAir: depends on the channel, so that it comes after it and goes before it.

    Starts a new channel, if asked to, and stops one that is to be deleted. An update does neither:
    another channel is another physical id, for which CloudFormation deletes the old one.

    Raises:
        Failure: The channel could not be started or stopped.
    """
    kind = event["RequestType"]
    channel = physical_id(event).removeprefix("on-air-")
    if kind == "Delete" and channel.isdecimal() and runs(channel, context):
        stop(channel, context)
    asked = kind == "Create" and event["ResourceProperties"]["StartChannel"] == "Yes"
    # a run before this one may have started it
    if asked and not runs(channel, context):
        aws("medialive:StartChannel", ChannelId=channel)
    return "done"


def physical_id(event: Event) -> Any:
    """The id of the resource that a request is about: the guard's own, or the channel's is in it.

    A Delete must know the channel although its properties may be anything, even after a Create
    that failed.
    """
    if event["ResourceType"] == "Custom::OnAir" and event["RequestType"] != "Delete":
        channel_id = event["ResourceProperties"].get("ChannelId")
        return f"on-air-{channel_id}"
    return event.get("PhysicalResourceId", "channel-guard")
