"""CloudFormation custom resources that stop and start the channel around stack changes.

Lambda may deliver a request late, or more than once, and CloudFormation may cancel an update while
the function waits: the channel is started and stopped only while the stack's status fits.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from channel_guard.account import (
    OBEYED,
    OWED,
    SINCE,
    described,
    forget,
    id_of,
    noted,
    push_urls,
    remember,
    runs,
    stack_status,
    stop,
)
from shared.errors import Failure
from shared.inline_custom_resource import Event, aws

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

_ASKED = "StopChannelToUpdate"
_URL_PARTS = (3, 5)  # protocol, nothing, host and port; for RTMP also application and stream key
_NAMES = "primary", "backup"


def guard(event: Event, context: "LambdaContext") -> str:
    """Custom::ChannelGuard: the channel and its inputs depend on it, so they are updated after it.

    Its properties change whenever the channel or its inputs do.

    Raises:
        Failure: The channel is running and may not be stopped, or a call failed.
    """
    kind = event["RequestType"]
    if kind == "Update":
        return _update(event, context)
    # notes of an earlier stack with the same name that were not deleted with it
    if kind == "Delete" or _during("CREATE"):
        for name in (OBEYED, OWED, SINCE):
            forget(name)
    return "done"


def _during(operation: str) -> Any:
    """Whether the stack's creation (CREATE) or update (UPDATE) goes on, and not its rollback."""
    return stack_status() == f"{operation}_IN_PROGRESS"


def _update(event: Event, context: "LambdaContext") -> str:
    """Allow an update, stop the channel for it, or reject it."""
    old, new = event["OldResourceProperties"], event["ResourceProperties"]
    # a rollback restores the channel to what it was
    if _same(old, new) or not _during("UPDATE"):
        return "no change"
    # Lambda may deliver a request again, during another update
    if noted(OBEYED) == event["RequestId"]:
        return "no change since the first delivery"
    channel, reason = id_of(old["Channel"]), "not on air"
    if runs(channel, context):
        _check_date(channel, new[_ASKED])
        # it may have been canceled meanwhile
        if not _during("UPDATE"):
            return "the update has ended"
        # the note first: whatever happens from here on, the channel is started again
        remember(OWED, channel)
        stop(channel, context)
        # a look that saw the channel run may have deleted the note meanwhile
        remember(OWED, channel)
        reason = f"channel {channel} is stopped; it starts again after the update"
    remember(OBEYED, event["RequestId"])
    return reason


def _check_date(channel: str, date: str) -> None:
    """Check that it is the given day somewhere, from UTC-12 to UTC+14.

    Raises:
        Failure: It is not; the text says which date is right.
    """
    clocks = (time.gmtime(time.time() + hours * 3600) for hours in (0, -12, 14))
    today, *others = (time.strftime("%Y-%m-%d", clock) for clock in clocks)
    if date not in (today, *others):
        raise Failure(
            f"channel {channel} is on air; stop it first, or deploy with {_ASKED}={today}"
        )


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

    Its attributes are the addresses of push inputs, without a stream key, as outputs show them:
    those of RTMP by application, such as `rtmp://192.0.2.1:1935/primary` for `primary`, and others,
    such as `srt://192.0.2.1:5000`, in MediaLive's order, as each is as good as the other.

    Raises:
        Failure: The channel could not be started or stopped, or a call failed.
    """
    properties = event["ResourceProperties"]
    if event["RequestType"] == "Delete":
        return _delete(event["PhysicalResourceId"], properties, context)
    # stacks of version 0.1.0 have no InputIds: an update of one may be rolled back
    urls = [url for input_id in properties.get("InputIds", ()) for url in push_urls(input_id)]
    if event["RequestType"] == "Create":
        _create(properties, context)
    return "done", _addresses(urls)


def _addresses(urls: list[list[str]]) -> Mapping[str, str]:
    """The addresses by their names, without stream keys."""
    names = iter(_NAMES)
    return {
        "".join(url[3:4]) or next(names): "/".join(url[:4])
        for url in urls
        if len(url) in _URL_PARTS
    }


def _create(properties: Any, context: "LambdaContext") -> None:
    """Start the channel of a new stack, if requested.

    An update creates this resource, too, for a channel of another class. If that has to start, a
    restart is owed.
    """
    channel = properties["ChannelId"]
    # an earlier invocation may have started it
    if properties["StartChannel"] == "Yes" and not runs(channel, context) and _during("CREATE"):
        aws("medialive:StartChannel", ChannelId=channel)


def _delete(
    physical_id: str, properties: Any, context: "LambdaContext"
) -> tuple[str, Mapping[str, str]]:
    """Stop the channel, so that it can be deleted.

    If a Create was canceled or never answered, CloudFormation makes the physical ID up.
    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1814
    """
    channel = physical_id.removeprefix("on-air-")
    if not channel.isdecimal():
        channel = properties.get("ChannelId", "")
    if runs(channel, context):
        stop(channel, context)
    return "done", {}


def physical_id(event: Event) -> Any:
    """The physical ID for a request: the guard's own, or one that contains the channel ID.

    A Delete must find the channel regardless of its properties, even after a failed Create.
    """
    if event["ResourceType"] == "Custom::OnAir" and event["RequestType"] != "Delete":
        channel_id = event["ResourceProperties"].get("ChannelId")
        return f"on-air-{channel_id}"
    return event.get("PhysicalResourceId", "channel-guard")
