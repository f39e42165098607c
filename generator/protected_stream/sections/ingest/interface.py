"""Interface of every MediaLive input to the channel that reads it."""

from dataclasses import dataclass

from troposphere import medialive

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Ingest(Section):
    """The inputs that the channel reads."""

    inputs: tuple[medialive.Input, ...]
    attachments: tuple[medialive.InputAttachment, ...]
    audio_selector: str
    """The name of the attachments' audio selector."""
