"""What the operator can do about the errors that this function's services answer."""

from collections.abc import Mapping
from types import MappingProxyType

_BUSY = "The channel is in the middle of something else: try again when it is idle or running."
_TROUBLED = "MediaLive has trouble at the moment: try again in some minutes."

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "BadGatewayException": _TROUBLED,
        "ConflictException": _BUSY,
        "ForbiddenException": "Allow {action} to the function's role, or ask who forbids it.",
        "GatewayTimeoutException": _TROUBLED,
        "UnprocessableEntityException": "See the channel's alerts in the MediaLive console.",
    }
)
"""By AWS's error code, for `shared.calls`."""
