"""Custom::ChannelGuard: CloudFormation asks here before it changes the channel or its inputs.

The channel and its inputs depend on it, so that it is updated before them; its properties change
with whatever changes them.
"""

from collections.abc import Callable, Mapping

from channel_guard.channels import ON_AIR
from channel_guard.notes import RESTART_OWED
from channel_guard.ward import Ward
from shared.custom_resource import Answer, MalformedRequest, Request, Sender
from shared.failure import Failure

TYPE = "Custom::ChannelGuard"
PHYSICAL_ID = "channel-guard"
"""It never changes: there is nothing that could be replaced."""

_DEFINITION = ("Channel", "Definition", "References")
_ASKED = "StopChannelToUpdate"
_YES = "Yes"


class OnAir(Failure):
    """The update would take the channel off the air, and nobody has asked for that."""

    def __init__(self, channel_id: str, *, left_over: bool) -> None:
        asked = f"deploy with {_ASKED}={_YES}"
        if left_over:
            asked += f" after a deploy with {_ASKED}=No: this {_YES} is of an earlier update"
        super().__init__(f"channel {channel_id} is on air; stop it first, or {asked}")


def answer(request: Request, sender: Sender, ward: Ward) -> Answer:
    """What becomes of the request.

    Raises:
        OnAir: The channel runs, and may not be stopped.
        Failure: The channel could not be looked at or stopped.
    """
    reason = _ACTS[request.type](request, ward)
    return Answer(status="SUCCESS", reason=reason, physical_id=sender.physical_id)


def _created(_: Request, ward: Ward) -> str:
    # of a stack of the same name that could not take them along
    ward.notes.remove_all()
    return "The channel is guarded from now on."


def _updated(request: Request, ward: Ward) -> str:
    old, new = request.old_properties, request.properties
    if _definition(old) == _definition(new):
        return "This update does not touch the channel."
    if ward.stack.is_on_its_way_back():
        return "The channel becomes again what it was."
    channel_id = ward.stack.physical_id(_channel(old))
    if channel_id is None or not _is_on_air(channel_id, ward):
        return "The channel is not on air."
    if new.get(_ASKED) != _YES or old.get(_ASKED) == _YES:
        raise OnAir(channel_id, left_over=new.get(_ASKED) == _YES)
    # first the note: whatever happens from here on, the channel is started again
    ward.notes.write(RESTART_OWED, channel_id)
    ward.channels.stop(channel_id)
    return f"channel {channel_id} is stopped; it starts again when the update has ended."


def _deleted(_: Request, ward: Ward) -> str:
    ward.notes.remove_all()
    return "The channel is guarded no longer."


def _is_on_air(channel_id: str, ward: Ward) -> bool:
    """A channel that starts is on air already; one that stops is waited for."""
    if ward.channels.state(channel_id) in ON_AIR:
        return True
    return ward.channels.state_at_rest(channel_id) in ON_AIR


def _definition(properties: Mapping[str, object]) -> list[object]:
    return [properties.get(name) for name in _DEFINITION]


def _channel(properties: Mapping[str, object]) -> str:
    channel = properties.get("Channel")
    if not isinstance(channel, str):
        raise MalformedRequest("The property Channel must be the logical ID of the channel.")
    return channel


_ACTS: Mapping[str, Callable[[Request, Ward], str]] = {
    "Create": _created,
    "Update": _updated,
    "Delete": _deleted,
}
