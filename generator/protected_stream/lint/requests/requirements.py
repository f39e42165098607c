"""SDK request models: where the services require more than the models, or less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """A member that the service requires, not empty; or one that only its model requires."""

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
"""By service: what the service requires and the model does not.

None is known for MediaPackage v2. What its members require of one another is checked by the rules
of lint/media/packager_values.py.
"""

EXEMPTIONS: Mapping[str, tuple[Requirement, ...]] = {
    "medialive": (
        Requirement(
            "AudioDescription",
            "AudioSelectorName",
            "AWS CloudFormation Template Reference, AWS::MediaLive::Channel AudioDescription: not "
            "required; aws/aws-cdk deploys a channel without it, integ.medialive-e2e-cdn",
        ),
    ),
    "mediapackagev2": (),
}
"""By service: what the model requires and the service does not."""


def required_by_service(service: str, shape: str) -> tuple[str, ...]:
    """The members of the structure that the service requires beyond its model."""
    return _members(REQUIREMENTS[service], shape)


def optional_for_service(service: str, shape: str) -> tuple[str, ...]:
    """The members of the structure that only the service's model requires."""
    return _members(EXEMPTIONS[service], shape)


def _members(rows: Sequence[Requirement], shape: str) -> tuple[str, ...]:
    return tuple(row.member for row in rows if row.shape == shape)
