"""What MediaLive inputs that an encoder pushes to have in common: networks and addresses."""

from dataclasses import dataclass

from pydantic import Field
from troposphere import Output

from protected_stream.sections.ingest.allow_list import MOST_NETWORKS
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.template.options import Options
from protected_stream.template.section import Note, Section
from protected_stream.template.troposphere_ext import OnAir

PIPELINES = ("primary", "backup")
"""Names of the addresses, one for each pipeline."""


FIRST = Note("first", "find out from which addresses the encoder sends (InputCidr)")


class PushOptions(Options):
    """What every input that an encoder pushes to asks for."""

    encoder_networks: int = Field(
        default=1,
        ge=1,
        le=MOST_NETWORKS,
        description="how many address ranges the encoder may send from, each a parameter: "
        "InputCidr, InputCidr2 ...",
    )


@dataclass(frozen=True, kw_only=True)
class Push(Ingest):
    """An input that an encoder pushes to."""

    pushed_to: tuple[str, ...]
    """The names of its addresses."""
    hint: str = ""
    """What the encoder needs besides the address."""

    def addresses(self, on_air: OnAir) -> Section:
        """The addresses, without a stream key, which MediaLive's URLs carry.

        Not the input's attributes: CloudFormation has `DestinationUrls` in some Regions only, and
        promises no order for it.
        """
        return Section(
            source=self.source,
            outputs=tuple(
                Output(
                    f"EncoderAddress{name.capitalize()}",
                    Description=f"The encoder's {name} address{self.hint}",
                    Value=on_air.get_att(name),
                )
                for name in self.pushed_to
            ),
        )
