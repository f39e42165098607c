"""Custom::OnAir: starts the channel after it is made, if asked to, and stops it before it goes.

It depends on the channel, so that it comes after it and goes before it.
"""

import re
from collections.abc import Callable, Mapping

from channel_guard.channels import ON_AIR
from channel_guard.ward import Ward
from shared.custom_resource import Answer, MalformedRequest, Request, Sender

TYPE = "Custom::OnAir"

_PREFIX = "on-air-"
_PHYSICAL_ID = re.compile(rf"{_PREFIX}([0-9]+)")


def physical_id(event: Mapping[str, object]) -> str:
    """The physical id of the resource that `event` is about: the channel's id is in it.

    A Delete must know the channel although its properties may be anything, even after a Create
    that failed.
    """
    properties = event.get("ResourceProperties")
    channel_id = properties.get("ChannelId") if isinstance(properties, dict) else None
    return f"{_PREFIX}{channel_id}"


def answer(request: Request, sender: Sender, ward: Ward) -> Answer:
    """What becomes of the request.

    Raises:
        Failure: The channel could not be started or stopped.
    """
    return _ACTS[request.type](request, sender, ward)


def _created(request: Request, _: Sender, ward: Ward) -> Answer:
    channel_id = _channel_id(request)
    if request.properties.get("StartChannel") != "Yes":
        return _done(f"channel {channel_id} is off the air until somebody starts it.", channel_id)
    # a run before this one may have started it
    if ward.channels.state_at_rest(channel_id) not in ON_AIR:
        ward.channels.start(channel_id)
    return _done(f"channel {channel_id} is starting.", channel_id)


def _updated(request: Request, _: Sender, __: Ward) -> Answer:
    # another channel is another physical id, for which CloudFormation deletes the old one
    return _done("Only a new channel is started.", _channel_id(request))


def _deleted(_: Request, sender: Sender, ward: Ward) -> Answer:
    known = _PHYSICAL_ID.fullmatch(sender.physical_id)
    if known:
        ward.channels.stop(known[1])
    return Answer(
        status="SUCCESS", reason="The channel is off the air.", physical_id=sender.physical_id
    )


def _done(reason: str, channel_id: str) -> Answer:
    return Answer(status="SUCCESS", reason=reason, physical_id=f"{_PREFIX}{channel_id}")


def _channel_id(request: Request) -> str:
    channel_id = request.properties.get("ChannelId")
    if not isinstance(channel_id, str) or not channel_id.isdecimal():
        raise MalformedRequest("The property ChannelId must be the id of the channel.")
    return channel_id


_ACTS: Mapping[str, Callable[[Request, Sender, Ward], Answer]] = {
    "Create": _created,
    "Update": _updated,
    "Delete": _deleted,
}
