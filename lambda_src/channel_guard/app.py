"""Lambda handler of the channel guard: dispatches custom resource requests and events."""

from typing import TYPE_CHECKING

from channel_guard.guard import guard, on_air, physical_id
from channel_guard.watch import look
from shared.inline_custom_resource import Event, reply

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

_ACTS = {
    "Custom::ChannelGuard": lambda *asked: (guard(*asked), {}),
    "Custom::OnAir": on_air,
}


def handler(event: Event, context: "LambdaContext") -> None:
    """Lambda entry point for CloudFormation requests and EventBridge events."""
    if "RequestType" in event:
        reply(
            event,
            lambda: _ACTS[event["ResourceType"]](event, context),
            physical_id=physical_id(event),
        )
    else:
        look(event)
