"""MediaLive input of type RTMP_PUSH: the encoder pushes to the input's addresses."""

from typing import Any, ClassVar, Literal

from pydantic import Field
from troposphere import Parameter, Ref, Sub, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.allow_list import UNDOCUMENTED_REF, allow_list
from protected_stream.sections.ingest.carries import RTMP, Carries
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
from protected_stream.template.section import LabelledParameter


class RtmpPushOptions(PushOptions):
    """How the stream arrives."""

    carries: ClassVar[Carries] = RTMP

    type: Literal["rtmp-push"] = Field(
        default="rtmp-push", description="rtmp-push: the encoder pushes RTMP to two addresses"
    )


def rtmp_push(options: RtmpPushOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """An input that the encoder pushes to; RTMP's only password is the stream name.

    Source: AWS Elemental MediaLive User Guide, "Setting up an RTMP push input".
    """
    allowed = allow_list(options.encoder_networks, "RTMP is not encrypted: keep it narrow.")
    key = _stream_key()
    kind: dict[str, Any] = {"Type": "RTMP_PUSH"}
    applications = PIPELINES[: channel_class.pipelines]
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("encoder", limit=INPUT_NAME_LIMIT, create_only=kind),
        **kind,
        InputSecurityGroups=[Ref(allowed.group)],
        Destinations=[
            medialive.InputDestinationRequest(StreamName=Sub(f"{application}/${{{key.title}}}"))
            for application in applications
        ],
        Metadata={**why("the encoder pushes here"), **UNDOCUMENTED_REF},
    )
    return Push(
        source="ingest",
        heading="The encoder",
        parameters=(
            *allowed.parameters,
            LabelledParameter("Stream key (the only password of RTMP)", key),
        ),
        resources=(allowed.group, input_),
        pushed_to=applications,
        hint="; add the stream key",
        notes=(FIRST, LOST),
        attachments=(Attachment(name="encoder", input=input_),),
    )


def _stream_key() -> Parameter:
    return Parameter(
        "StreamKey",
        Type="String",
        NoEcho=True,
        AllowedPattern="^[A-Za-z0-9_-]{16,64}$",
        ConstraintDescription="must be 16 to 64 letters, digits, dashes and underscores",
        Description="Stream key to set in the encoder: 16 to 64 letters, digits, - and _.",
    )
