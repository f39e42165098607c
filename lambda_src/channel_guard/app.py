"""Lambda handler of the channel guard: dispatches custom resource requests and events."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from channel_guard.guard import guard, on_air, physical_id
from channel_guard.watch import look
from shared.inline_custom_resource import Event, repeated, reply

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

_SECONDS = 110
"""A pause of 5 seconds, 8 calls of 6, after which `settled` looks at the time, and the response."""
_LOOK_SECONDS = 540
"""Of the function's 600 seconds: a check repeats calls for a minute, as the next check follows."""
_ACTS = {
    "Custom::ChannelGuard": lambda *asked: (guard(*asked), {}),
    "Custom::OnAir": on_air,
}


def handler(event: Event, context: "LambdaContext") -> None:
    """Lambda entry point for CloudFormation requests and EventBridge events."""
    if "RequestType" in event:

        def act() -> tuple[str, Mapping[str, str]]:
            return _ACTS[event["ResourceType"]](event, context)

        reply(event, act, physical_id(event), context, _SECONDS)
    else:
        repeated(lambda: look(event), context, _LOOK_SECONDS)
