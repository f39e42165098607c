"""SDK request models: members that the services require although the models do not."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """A member that is required and must not be empty."""

    shape: str
    """The structure in the service's model."""
    member: str
    source: str


PROVIDER = "Terraform AWS provider, internal/service/medialive/channel.go: required"
CDK = "AWS CDK, aws-medialive-alpha"

REQUIREMENTS: Mapping[str, tuple[Requirement, ...]] = {
    "medialive": (
        Requirement(
            "CreateChannelRequest",
            "Name",
            'the service answers "Non-empty channel name required": '
            "awsdocs/aws-cloudformation-user-guide, pull request 459",
        ),
        Requirement("CreateChannelRequest", "ChannelClass", PROVIDER),
        Requirement("CreateChannelRequest", "Destinations", PROVIDER),
        Requirement("CreateChannelRequest", "EncoderSettings", PROVIDER),
        Requirement("CreateChannelRequest", "InputSpecification", PROVIDER),
        Requirement(
            "CreateChannelRequest", "InputAttachments", f"{PROVIDER}; {CDK}: at least one input"
        ),
        Requirement(
            "CreateChannelRequest",
            "RoleArn",
            "ours: optional in the API, but without it the channel may not write to its packager "
            '(AWS Elemental MediaLive User Guide, "Requirements for the trusted entity")',
        ),
        Requirement("InputAttachment", "InputId", PROVIDER),
        Requirement("InputSpecification", "Codec", PROVIDER),
        Requirement("InputSpecification", "Resolution", PROVIDER),
        Requirement("InputSpecification", "MaximumBitrate", PROVIDER),
        Requirement("OutputDestination", "Id", PROVIDER),
        Requirement(
            "OutputLocationRef",
            "DestinationRefId",
            "Terraform AWS provider, internal/service/medialive/schemas.go: required",
        ),
        Requirement("EncoderSettings", "OutputGroups", f"{CDK}: at least one output group"),
        Requirement(
            "CreateInputRequest",
            "Name",
            'the service answers "Non-empty input name required": '
            "awsdocs/aws-cloudformation-user-guide, pull request 460",
        ),
        Requirement(
            "CreateInputRequest", "Type", "Terraform AWS provider, aws_medialive_input: required"
        ),
        Requirement(
            "CreateInputSecurityGroupRequest",
            "WhitelistRules",
            "Terraform AWS provider, aws_medialive_input_security_group: required",
        ),
        Requirement(
            "InputWhitelistRuleCidr",
            "Cidr",
            "Terraform AWS provider, aws_medialive_input_security_group: required",
        ),
    ),
    "mediapackagev2": (),
}
"""By service. None is known for MediaPackage v2, whose model is complete."""


def required_by_service(service: str, shape: str) -> tuple[str, ...]:
    """The members of the structure that the service requires beyond its model."""
    return tuple(row.member for row in REQUIREMENTS[service] if row.shape == shape)
