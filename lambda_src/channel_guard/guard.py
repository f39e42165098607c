"""CloudFormation custom resources that stop and start the channel around stack changes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from channel_guard.account import (
    OWED,
    SINCE,
    aws,
    described,
    forget,
    id_of,
    push_urls,
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
_URL_PARTS = 5  # protocol, nothing, host and port, application, stream key


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
    # a rollback restores the channel to what it was
    if _same(old, new) or stack_status().startswith("UPDATE_ROLLBACK_"):
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


def _same(old: Any, new: Any) -> bool:
    """Whether the properties describe the same channel and inputs."""
    if any(old.get(name) != new[name] for name in ("Channel", "Definition")):
        return False
    # a definition always has the same number of references
    pairs = zip(old["References"], new["References"], strict=False)
    return all(was == now or _is_in_use(was, now, old["Channel"]) for was, now in pairs)


def _is_in_use(was: str, now: str, logical_id: str) -> bool:
    """Whether a masked value is the new one, with which the URLs of the channel's inputs end.

    CloudFormation may mask the old value of a NoEcho parameter, which is the stream key.
    """
    if set(was) != {"*"}:
        return False
    attached = described(id_of(logical_id)).get("InputAttachments", ())
    return any(url[-1] == now for one in attached for url in push_urls(one["InputId"]))


def on_air(event: Event, context: "LambdaContext") -> tuple[str, Mapping[str, str]]:
    """Custom::OnAir: depends on the channel, so it is created after it and deleted before it.

    Starts a new channel if requested, and stops one before deletion. An update does neither: a new
    channel has a new physical ID, so CloudFormation deletes the old resource.

    Its attributes are the addresses of push inputs by application, such as
    `rtmp://192.0.2.1:1935/primary` for `primary`: without the stream key, as outputs show them.

    Raises:
        Failure: The channel could not be started or stopped, or a call failed.
    """
    kind, properties = event["RequestType"], event["ResourceProperties"]
    channel = physical_id(event).removeprefix("on-air-")
    if kind == "Delete":
        if channel.isdecimal() and runs(channel, context):
            stop(channel, context)
        return "done", {}
    # stacks of version 0.1.0 have no InputIds: an update of one may be rolled back
    urls = [url for input_id in properties.get("InputIds", ()) for url in push_urls(input_id)]
    # an earlier invocation may have started it
    if kind == "Create" and properties["StartChannel"] == "Yes" and not runs(channel, context):
        aws("medialive:StartChannel", ChannelId=channel)
    return "done", {url[3]: "/".join(url[:4]) for url in urls if len(url) == _URL_PARTS}


def physical_id(event: Event) -> Any:
    """The physical ID for a request: the guard's own, or one that contains the channel ID.

    A Delete must find the channel regardless of its properties, even after a failed Create.
    """
    if event["ResourceType"] == "Custom::OnAir" and event["RequestType"] != "Delete":
        channel_id = event["ResourceProperties"].get("ChannelId")
        return f"on-air-{channel_id}"
    return event.get("PhysicalResourceId", "channel-guard")
