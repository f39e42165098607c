"""MediaLive input of type INPUT_DEVICE: AWS Elemental Link devices."""

from typing import Any, ClassVar, Literal

from pydantic import Field
from troposphere import Parameter, Ref, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.carries import LINK, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Note


class ElementalLinkOptions(Options):
    """AWS Elemental Link devices send the stream."""

    carries: ClassVar[Carries] = LINK

    type: Literal["elemental-link"] = Field(
        description="elemental-link: one AWS Elemental Link device for each pipeline"
    )


def elemental_link(_: ElementalLinkOptions, channel_class: ChannelClass, __: Roles) -> Ingest:
    """An input that the devices send to, without addresses or keys.

    Source: AWS Elemental MediaLive User Guide, "Setting up an AWS Elemental Link input".
    """
    devices = [_device(which) for which in ("", "Backup")[: channel_class.pipelines]]
    fixed: dict[str, Any] = {"Type": "INPUT_DEVICE"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("device", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        InputDevices=[medialive.InputDeviceSettings(Id=Ref(one)) for one in devices],
        Metadata=why("the devices send here"),
    )
    return Ingest(
        source="ingest",
        heading="The source",
        parameters=tuple(
            LabelledParameter(label, one)
            for label, one in zip(("Link device", "Backup device"), devices, strict=False)
        ),
        resources=(input_,),
        notes=(
            Note("first", "register the device in this account and Region; no other input uses it"),
            LOST,
        ),
        attachments=(Attachment(name="device", input=input_),),
    )


def _device(which: str) -> Parameter:
    return Parameter(
        f"{which}LinkDeviceId",
        Type="String",
        AllowedPattern=r"^[a-z0-9]+-[a-z0-9]+$",
        ConstraintDescription="must be the ID of a Link device, such as hd-123456789abcdef",
        Description="ID of the AWS Elemental Link device, such as hd-123456789abcdef"
        + (": another one than the first." if which else "."),
    )
