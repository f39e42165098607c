"""MediaLive input of type RTP_PUSH: the encoder pushes a transport stream over RTP."""

from typing import Any, ClassVar, Literal

from pydantic import Field
from troposphere import Ref, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.allow_list import UNDOCUMENTED_REF, allow_list
from protected_stream.sections.ingest.carries import TRANSPORT_STREAM, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.sections.ingest.push import FIRST, PIPELINES, Push, PushOptions
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name


class RtpPushOptions(PushOptions):
    """An encoder pushes a transport stream over RTP, such as a contribution encoder with FEC."""

    carries: ClassVar[Carries] = TRANSPORT_STREAM

    type: Literal["rtp-push"] = Field(
        description="rtp-push: the encoder pushes a transport stream over RTP to two addresses; "
        "neither encrypted nor protected by a password"
    )


def rtp_push(options: RtpPushOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """An input with two addresses, of which a single pipeline uses the first.

    Source: AWS Elemental MediaLive User Guide, "Setting up an RTP push input".
    """
    allowed = allow_list(
        options.encoder_networks, "RTP has no password: any sender from here is on the air."
    )
    fixed: dict[str, Any] = {"Type": "RTP_PUSH"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("encoder", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        InputSecurityGroups=[Ref(allowed.group)],
        Metadata={**why("the encoder pushes here"), **UNDOCUMENTED_REF},
    )
    return Push(
        source="ingest",
        counted=("InputLossSeconds", "ChannelInputErrorSeconds"),
        heading="The encoder",
        parameters=allowed.parameters,
        resources=(allowed.group, input_),
        pushed_to=PIPELINES[: channel_class.pipelines],
        notes=(FIRST, LOST),
        attachments=(Attachment(name="encoder", input=input_),),
    )
