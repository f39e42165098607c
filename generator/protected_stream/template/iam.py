"""IAM roles of the stream, and the policy statements that sections share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from awacs.aws import (
    Action,
    Allow,
    Condition,
    ConditionElement,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
)
from awacs.sts import AssumeRole
from pydantic import AfterValidator, Field
from troposphere import AWSHelperFn, NoValue, Parameter, Ref, Sub, cloudfront, iam

from protected_stream.template.metadata import why
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Section
from protected_stream.template.validation_errors import shown

ROOT = "/"  # IAM's default path


PATH = r"/([a-zA-Z0-9_.@=,+-]+/)*"
RESERVED_PATH = "/aws-service-role/"


def _path(path: str) -> str:
    """The path, if IAM accepts it for a stack's role.

    Source: IAM API Reference, CreateRole; IAM's answer "Path prefix '/aws-service-role/' can only
    be used for AWS Service linked Roles" (tilfin/aws-iam-policy-tool, pull request 9).
    """
    if not re.fullmatch(PATH, path):
        raise ValueError(
            'must begin and end with "/", as in "/streams/", with only letters, digits and '
            f"_ . @ = , + - between; got {shown(path)}"
        )
    if path.startswith(RESERVED_PATH):
        raise ValueError(f'must not begin with "{RESERVED_PATH}", which IAM keeps for AWS services')
    return path


class RoleOptions(Options):
    """Company rules for every IAM role."""

    path: Annotated[str, AfterValidator(_path)] = Field(
        default=ROOT,
        max_length=512,
        json_schema_extra={"pattern": f"^{PATH}$"},
        description="the IAM path of every role, such as /streams/",
    )
    permissions_boundary: bool = Field(
        default=False, description="ask for the ARN of a permissions boundary when deploying"
    )


@dataclass(frozen=True, kw_only=True)
class Roles(Section):
    """Creates roles with the stream's path and permissions boundary."""

    path: str
    boundary: Parameter | None

    def role(
        self, title: str, trust: Statement, statements: Sequence[Statement], reason: str
    ) -> iam.Role:
        """A role that can be assumed as `trust` says, with only these statements."""
        return iam.Role(
            title,
            Metadata=why(reason),
            Path=self.path if self.path != ROOT else NoValue,
            AssumeRolePolicyDocument=PolicyDocument(Version="2012-10-17", Statement=[trust]),
            Policies=[
                iam.Policy(
                    PolicyName="OnlyWhatItNeeds",
                    PolicyDocument=PolicyDocument(Version="2012-10-17", Statement=list(statements)),
                )
            ],
            PermissionsBoundary=self._permissions_boundary(),
        )

    def _permissions_boundary(self) -> Ref:
        return Ref(self.boundary) if self.boundary else NoValue


def roles(options: RoleOptions) -> Roles:
    """Creates the stream's roles, and the parameter that they need."""
    boundary = _boundary() if options.permissions_boundary else None
    return Roles(
        source="roles",
        heading="Your company's rules",
        parameters=(LabelledParameter("Permissions boundary", boundary),) if boundary else (),
        path=options.path,
        boundary=boundary,
    )


def _boundary() -> Parameter:
    return Parameter(
        "PermissionsBoundaryArn",
        Type="String",
        AllowedPattern=r"^arn:[a-z-]+:iam::(\d{12}|aws):policy/[\w+=,.@/-]+$",
        ConstraintDescription="must be the ARN of a managed IAM policy",
        Description="ARN of the managed policy that bounds every role of this stack.",
    )


def trusted_service(
    service: str, *actions: Action, conditions: Sequence[ConditionElement] = ()
) -> Statement:
    """Lets an AWS service assume a role.

    Args:
        service: its principal, such as "lambda.amazonaws.com".
        actions: of STS, besides AssumeRole.
        conditions: under which it may; all of them must hold.
    """
    return Statement(
        Effect=Allow,
        Principal=Principal("Service", [service]),
        Action=[AssumeRole, *actions],
        **({"Condition": Condition(list(conditions))} if conditions else {}),
    )


def distribution_arn(distribution: cloudfront.Distribution) -> AWSHelperFn:
    """The distribution's ARN, which CloudFront names as the source of its requests to origins.

    Source: Service Authorization Reference, "Resource types defined by Amazon CloudFront".
    """
    return Sub(
        "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Id}",
        Id=distribution.ref(),
    )


def allowed_to(
    reader: cloudfront.Distribution, actions: Sequence[Action], resources: Sequence[AWSHelperFn]
) -> Statement:
    """Lets CloudFront do this for the distribution, and for no other.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin" and
    "Restrict access to an AWS Elemental MediaPackage v2 origin".
    """
    return Statement(
        Effect=Allow,
        Principal=Principal("Service", ["cloudfront.amazonaws.com"]),
        Action=list(actions),
        Resource=list(resources),
        Condition=Condition(StringEquals({"aws:SourceArn": distribution_arn(reader)})),
    )
