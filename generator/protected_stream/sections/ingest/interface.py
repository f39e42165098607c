"""Interface of every MediaLive input to the channel that reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from troposphere import medialive

from protected_stream.template.section import Note, Section
from protected_stream.template.troposphere_ext import OnAir

INPUT_NAME_LIMIT = 255
# Source: AWS Elemental MediaLive User Guide, "Handling loss of video input"
LOST = Note(
    "if lost",
    "viewers see the last picture, then black, until the source returns; charges go on",
)

Counted = Literal["InputLossSeconds", "ChannelInputErrorSeconds"]
"""MediaLive's metrics of packets that are lost or cannot be recovered.

Source: AWS Elemental MediaLive User Guide, "Input metrics".
"""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """An input that the channel reads, and how."""

    name: str
    input: medialive.Input
    settings: Mapping[str, Any] = field(default_factory=dict)
    """MediaLive's input settings, except the selectors of audio and captions."""


@dataclass(frozen=True, kw_only=True)
class Ingest(Section):
    """The inputs that the channel reads."""

    attachments: tuple[Attachment, ...]
    counted: tuple[Counted, ...] = ()
    """The metrics that MediaLive has of this type of input, as far as its page is sure."""

    @property
    def inputs(self) -> tuple[medialive.Input, ...]:
        """The inputs of all attachments."""
        return tuple(one.input for one in self.attachments)

    def addresses(self, on_air: OnAir) -> Section:
        """The section whose outputs are the addresses that an encoder pushes to; it may be empty.

        Args:
            on_air: reads them from MediaLive once the inputs exist.
        """
        del on_air
        return Section(source=self.source)
