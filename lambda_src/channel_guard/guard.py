"""CloudFormation custom resources that stop and start the channel around stack changes."""

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
    """Custom::ChannelGuard: the channel and its inputs depend on it, so they are updated after it.

    Its properties change whenever the channel or its inputs do.

    Raises:
        Failure: The channel is running and may not be stopped, or a call failed.
    """
    if event["RequestType"] != "Update":
        # on create: notes of an earlier stack with the same name that were not deleted with it
        forget(OWED)
        forget(SINCE)
        return "done"
    old, new = event["OldResourceProperties"], event["ResourceProperties"]
    same = all(old.get(name) == new[name] for name in ("Channel", "Definition", "References"))
    # a rollback restores the channel to what it was
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
            f"{refusal} after a deploy with {_ASKED}=No: this Yes is from an earlier update"
        )
    # the note first: whatever happens from here on, the channel is started again
    remember(OWED, channel)
    stop(channel, context)
    return f"channel {channel} is stopped; it starts again after the update"


def on_air(event: Event, context: "LambdaContext") -> str:
    """Custom::OnAir: depends on the channel, so it is created after it and deleted before it.

    Starts a new channel if requested, and stops one before deletion. An update does neither: a new
    channel has a new physical ID, so CloudFormation deletes the old resource.

    Raises:
        Failure: The channel could not be started or stopped.
    """
    kind = event["RequestType"]
    channel = physical_id(event).removeprefix("on-air-")
    if kind == "Delete" and channel.isdecimal() and runs(channel, context):
        stop(channel, context)
    asked = kind == "Create" and event["ResourceProperties"]["StartChannel"] == "Yes"
    # an earlier invocation may have started it
    if asked and not runs(channel, context):
        aws("medialive:StartChannel", ChannelId=channel)
    return "done"


def physical_id(event: Event) -> Any:
    """The physical ID for a request: the guard's own, or one that contains the channel ID.

    A Delete must find the channel regardless of its properties, even after a failed Create.
    """
    if event["ResourceType"] == "Custom::OnAir" and event["RequestType"] != "Delete":
        channel_id = event["ResourceProperties"].get("ChannelId")
        return f"on-air-{channel_id}"
    return event.get("PhysicalResourceId", "channel-guard")
