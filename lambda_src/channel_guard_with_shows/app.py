"""Lambda handler of the channel guard of a stream with planned shows.

It does what the handler in `channel_guard` does. Its code is always inline in the template.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from channel_guard.account import forget
from channel_guard.guard import guard, on_air, physical_id
from channel_guard.watch import look
from channel_guard_with_shows.planned import PLANNED, follow
from shared.inline_custom_resource import Event, repeated, reply

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

# as in channel_guard
_SECONDS = 110
_LOOK_SECONDS = 540


def _guard(event: Event, context: "LambdaContext") -> tuple[str, Mapping[str, str]]:
    """Custom::ChannelGuard; a note of an earlier stack with the same name starts no channel."""
    if event["RequestType"] != "Update":
        forget(PLANNED)
    return guard(event, context), {}


def _look(event: Event) -> None:
    """First what is planned: the end of a show cancels a restart that is owed."""
    follow(event)
    look(event)


_ACTS = {"Custom::ChannelGuard": _guard, "Custom::OnAir": on_air}


def handler(event: Event, context: "LambdaContext") -> None:
    """Lambda entry point for CloudFormation requests and EventBridge events."""
    if "RequestType" in event:

        def act() -> tuple[str, Mapping[str, str]]:
            return _ACTS[event["ResourceType"]](event, context)

        reply(event, act, physical_id(event), context, _SECONDS)
    else:
        repeated(lambda: _look(event), context, _LOOK_SECONDS)
