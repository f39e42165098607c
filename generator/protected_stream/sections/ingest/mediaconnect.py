"""MediaLive input of type MEDIACONNECT: flows that exist in the account."""

from typing import Any, ClassVar, Literal

from awacs.aws import Action, Allow, ArnLike, Statement, StringEquals
from awacs.sts import TagSession
from pydantic import Field
from troposphere import Parameter, Ref, Sub, iam, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.channel_role import MEDIALIVE
from protected_stream.sections.ingest.carries import TRANSPORT_STREAM, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.template.iam import Roles, trusted_service
from protected_stream.template.metadata import why, without_checks
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Note

FLOW = r"^arn:[a-z-]+:mediaconnect:[a-z0-9-]+:[0-9]{12}:flow:[A-Za-z0-9_.:-]+$"
# the API has no such operations: neither awacs nor cfn-lint knows them
MANAGED = ("ManagedDescribeFlow", "ManagedAddOutput", "ManagedRemoveOutput")


class MediaConnectOptions(Options):
    """MediaLive reads MediaConnect flows, such as those that another company shares."""

    carries: ClassVar[Carries] = TRANSPORT_STREAM

    type: Literal["mediaconnect"] = Field(
        description="mediaconnect: MediaLive reads one MediaConnect flow for each pipeline"
    )


def mediaconnect(_: MediaConnectOptions, channel_class: ChannelClass, roles: Roles) -> Ingest:
    """An input that adds an output to each flow.

    Source: AWS Elemental MediaLive User Guide, "Setting up a MediaConnect input": two flows in two
    Availability Zones of the Region for a STANDARD channel.
    """
    role = _role(roles)
    flows = [_flow(which) for which in ("", "Backup")[: channel_class.pipelines]]
    fixed: dict[str, Any] = {"Type": "MEDIACONNECT"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("flow", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        RoleArn=role.get_att("Arn"),
        MediaConnectFlows=[medialive.MediaConnectFlowRequest(FlowArn=Ref(one)) for one in flows],
        Metadata=why("the flows that MediaLive reads"),
    )
    return Ingest(
        source="ingest",
        counted=("InputLossSeconds", "ChannelInputErrorSeconds"),
        heading="The source",
        parameters=tuple(
            LabelledParameter(label, one)
            for label, one in zip(("MediaConnect flow", "Backup flow"), flows, strict=False)
        ),
        resources=(role, input_),
        notes=(
            Note("first", "create and start the flows in this Region; two need two zones"),
            LOST,
        ),
        attachments=(Attachment(name="flow", input=input_),),
    )


def _flow(which: str) -> Parameter:
    return Parameter(
        f"{which}FlowArn",
        Type="String",
        AllowedPattern=FLOW,
        ConstraintDescription="must be the ARN of a MediaConnect flow",
        Description="ARN of a MediaConnect flow in this Region"
        + (", in another Availability Zone than the first." if which else "."),
    )


def _role(roles: Roles) -> iam.Role:
    """The role with which the input adds itself to the flows.

    Source: AWS Elemental MediaLive User Guide, "Reference: summary of trusted entity access": the
    actions cannot be limited to a flow.
    """
    scope = "${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}"
    role = roles.role(
        "InputRole",
        trusted_service(
            MEDIALIVE,
            TagSession,
            conditions=[
                StringEquals({"aws:SourceAccount": Ref("AWS::AccountId")}),
                ArnLike({"aws:SourceArn": Sub(f"arn:{scope % 'medialive'}:*")}),
            ],
        ),
        [
            Statement(
                Effect=Allow,
                Action=[Action("mediaconnect", name) for name in MANAGED],
                Resource=[Sub(f"arn:{scope % 'mediaconnect'}:*")],
            )
        ],
        "the input may add itself to the flows",
    )
    role.Metadata = {**role.Metadata, **without_checks(["W3037"])}
    return role
