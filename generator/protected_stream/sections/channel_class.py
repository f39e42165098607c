"""What a channel and its inputs are by birth: of one pipeline, or of two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ChannelClassName = Literal["STANDARD", "SINGLE_PIPELINE"]


@dataclass(frozen=True, kw_only=True)
class ChannelClass:
    """A class has resources of its own, as AWS changes it in none that exists.

    Source: AWS Elemental MediaLive API, UpdateChannel (which has no ChannelClass) and CreateInput
    (whose number of destinations makes the class).
    """

    name: ChannelClassName
    """MediaLive's."""
    pipelines: int
    channel: str
    """Logical ID of the channel."""
    input: str
    """Logical ID of its input."""


CHANNEL_CLASSES: Mapping[ChannelClassName, ChannelClass] = {
    "STANDARD": ChannelClass(name="STANDARD", pipelines=2, channel="Channel", input="EncoderInput"),
    "SINGLE_PIPELINE": ChannelClass(
        name="SINGLE_PIPELINE",
        pipelines=1,
        channel="SinglePipelineChannel",
        input="SinglePipelineInput",
    ),
}
