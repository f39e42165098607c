"""What both ways of SRT have in common."""

from typing import Any

from pydantic import Field

# Source of the bounds: AWS Elemental MediaLive API, SrtListenerSettingsRequest, MinimumLatency
LATENCY: Any = Field(
    default=1000,
    ge=120,
    le=15_000,
    description="how long SRT waits for lost packets to be sent again, in milliseconds; four times "
    "the round-trip time is a good value",
)
