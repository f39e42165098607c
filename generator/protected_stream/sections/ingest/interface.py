"""Interface of every MediaLive input to the channel that reads it."""

from dataclasses import dataclass

from troposphere import medialive

from protected_stream.template.section import Section
from protected_stream.template.troposphere_ext import OnAir

INPUT_NAME_LIMIT = 255
AUDIO_SELECTOR = "default"
"""The audio of a source that has one only."""


@dataclass(frozen=True, kw_only=True)
class Ingest(Section):
    """The inputs that the channel reads."""

    inputs: tuple[medialive.Input, ...]
    attachments: tuple[medialive.InputAttachment, ...]
    audio_selector: str
    """The name of the attachments' audio selector."""

    def addresses(self, on_air: OnAir) -> Section:
        """The section whose outputs are the addresses that an encoder pushes to; it may be empty.

        Args:
            on_air: reads them from MediaLive once the inputs exist.
        """
        del on_air
        return Section(source=self.source)
