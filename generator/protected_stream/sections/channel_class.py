"""MediaLive channel class (immutable): one pipeline or two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ChannelClassName = Literal["STANDARD", "SINGLE_PIPELINE"]


@dataclass(frozen=True, kw_only=True)
class ChannelClass:
    """A channel class. Each has its own resources, as AWS cannot change the class of existing ones.

    Source: AWS Elemental MediaLive API, UpdateChannel (which has no ChannelClass) and CreateInput
    (where the number of destinations determines the class).
    """

    name: ChannelClassName
    """MediaLive's name for it."""
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
