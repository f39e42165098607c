"""docs/deployer-policy.json allows what deploying and operating need, and not more."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import botocore.session
import pytest

from preview.cloudformation.schemas import is_custom, schema_of
from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, STREAMS, Document, of_type

POLICY = CHECKOUT / "docs" / "deployer-policy.json"
# Characters without white space; IAM User Guide, "IAM and AWS STS quotas", managed policies
LONGEST_MANAGED_POLICY = 6144
HANDLERS = ("create", "read", "update", "delete")

# Permissions that a type's handlers need only for properties that no template sets.
# Resource type, action -> why
NOT_NEEDED = {
    **{
        ("AWS::WAFv2::WebACLAssociation", f"{service}:*"): "a stage of API Gateway is associated"
        for service in (
            *("amplify", "apprunner", "appsync", "bedrock-agentcore", "cognito-idp", "ec2"),
            "elasticloadbalancing",
        )
    },
    ("AWS::WAFv2::WebACL", "payments:*"): "no payments by bots",
    ("AWS::WAFv2::WebACLAssociation", "wafv2:*PermissionPolicy"): "no rule group of others",
    ("AWS::[!K]*", "kms:*"): "encryption.key: through the services only, see FOR_ENCRYPTION",
    ("AWS::ApiGateway::*", "iam:PassRole"): "no role is passed to API Gateway",
    ("AWS::CertificateManager::Certificate", "acm-pca:*"): "a public certificate",
    ("AWS::CertificateManager::Certificate", "acm:UpdateCertificateOptions"): "no such options",
    ("AWS::ApiGateway::RestApi", "s3:GetObject"): "no API definition in a bucket",
    ("AWS::CloudFront::Distribution", "cloudfront:*ConnectionGroup"): "not multi-tenant",
    ("AWS::CloudFront::Distribution", "cloudfront:GetVpcOrigin"): "no VPC origin",
    ("AWS::CloudFront::Distribution", "cloudfront:UpdateDistributionWithStagingConfig"): (
        "no staging distribution"
    ),
    ("AWS::Cognito::*", "iam:*"): "no role for text messages, own email sender or log export",
    ("AWS::Cognito::UserPool", "cognito-idp:AddCustomAttributes"): "no custom attribute",
    ("AWS::Cognito::UserPoolDomain", "cloudfront:updateDistribution"): "no domain of your own",
    ("AWS::Events::Rule", "iam:PassRole"): "the target is a function, which needs no role",
    ("AWS::Lambda::Function", "ec2:*"): "no function is in a VPC",
    ("AWS::Lambda::Function", "elasticfilesystem:*"): "no file system",
    ("AWS::Lambda::Function", "s3files:*"): "no file system",
    ("AWS::Lambda::Function", "s3:GetObjectVersion"): "the code's name contains its digest",
    ("AWS::Logs::DeliverySource", "*:AllowVendedLogDeliveryForResource"): (
        "only CloudFront's and the one of Logs, which are allowed"
    ),
    ("AWS::Logs::LogGroup", "firehose:*"): "no log group delivers to Firehose",
    ("AWS::Logs::LogGroup", "logs:*ResourcePolicy"): "no log group has a resource policy",
    ("AWS::Logs::LogGroup", "s3:REST.PUT.OBJECT"): "not an action of IAM",
    ("AWS::MediaPackageV2::*", "acm:*"): "no certificate for DRM",
    ("AWS::MediaPackageV2::*", "iam:PassRole"): "no role for DRM or CDN authorization",
    ("AWS::S3::Bucket", "iam:PassRole"): "no replication",
    ("AWS::S3::Bucket", "s3tables:*"): "no metadata tables",
    ("AWS::SecretsManager::*", "iam:PassRole"): "CloudFormation makes no rotation function",
    ("AWS::SecretsManager::Secret", "secretsmanager:*Replicat*"): "no replicas",
}
# Types whose schemas have no handlers. Source: Service Authorization Reference, AWS Elemental
# MediaLive; AWS Lambda Developer Guide, "Using Lambda with CloudFormation"
WITHOUT_HANDLERS = {
    "AWS::MediaLive::Channel": (
        *("medialive:CreateChannel", "medialive:DescribeChannel", "medialive:UpdateChannel"),
        *("medialive:DeleteChannel", "medialive:CreateTags", "medialive:DeleteTags"),
        *("medialive:ListTagsForResource", "iam:PassRole"),
    ),
    "Custom::": ("lambda:InvokeFunction",),
}
# What the CLI calls for its own commands; others call the action of their name
COMMANDS = {
    "apigateway get-account": ("apigateway:GET",),
    "cloudformation deploy": (
        *("cloudformation:DescribeStacks", "cloudformation:GetTemplateSummary"),
        *("cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet"),
        "cloudformation:ExecuteChangeSet",
    ),
    "lambda invoke": ("lambda:InvokeFunction",),
    "s3 cp": ("s3:PutObject",),
    "s3 sync": ("s3:ListBucket", "s3:PutObject", "s3:DeleteObject"),
}
# Questions about the account and its viewers, which its administrator answers, and a password that
# the administrator puts there
ADMINISTRATORS = (
    "cognito-idp list-users",
    "freetier",
    "lambda get-account-settings",
    "medialive list-channels",
    "secretsmanager get-secret-value",
    "ssm put-parameter",
)
# AWS Lambda Developer Guide, "Securing Lambda environment variables"; Amazon S3 User Guide,
# "Specifying server-side encryption with AWS KMS (SSE-KMS)"; AWS Secrets Manager User Guide,
# "Secret encryption and decryption in AWS Secrets Manager"
FOR_ENCRYPTION = ("kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
# CloudFront User Guide, "Configure standard logging (v2)", permissions
FOR_ACCESS_LOGS = ("cloudfront:AllowVendedLogDeliveryForResource",)
# Service Authorization Reference: actions that are not operations of the API
WITHOUT_OPERATION = (*FOR_ACCESS_LOGS, "cloudfront:CreateDistributionWithTags", "iam:PassRole")
NAMED_BY_CLOUDFORMATION = {
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
}
"""The property that would name it otherwise."""


@pytest.fixture(scope="module")
def policy() -> Mapping[str, Any]:
    """The document."""
    return dict(json.loads(POLICY.read_text("utf-8")))


def allows(policy: Mapping[str, Any], action: str) -> bool:
    """Whether a statement allows the action on some resource. IAM ignores case in actions."""
    return any(
        fnmatchcase(action.lower(), pattern.lower())
        for statement in policy["Statement"]
        for pattern in statement["Action"]
    )


def needed(resource_type: str) -> set[str]:
    """What CloudFormation calls, with the deployer's credentials, for such a resource."""
    if is_custom(resource_type):
        return set(WITHOUT_HANDLERS["Custom::"])
    handlers = schema_of(resource_type, "us-east-1").get("handlers")
    if handlers is None:
        return set(WITHOUT_HANDLERS[resource_type])
    listed = {
        action for name in HANDLERS for action in handlers.get(name, {}).get("permissions", ())
    }
    return {action for action in listed if not _is_excluded(resource_type, action)}


def _is_excluded(resource_type: str, action: str) -> bool:
    return any(
        fnmatchcase(resource_type, kind) and fnmatchcase(action, pattern)
        for kind, pattern in NOT_NEEDED
    )


def types_in(template: Document) -> set[str]:
    """The types of the template's resources."""
    return {resource["Type"] for resource in template["Resources"].values()}


def commands() -> Iterator[str]:
    """The AWS CLI commands in the documents for operators, such as "medialive start-channel"."""
    for path in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"(?:^ {4,}|`)aws ([a-z0-9-]+ [a-z0-9-]+)", text, re.MULTILINE)


def actions_of(command: str) -> tuple[str, ...]:
    """What the command calls."""
    service, _, operation = command.partition(" ")
    return COMMANDS.get(command, (f"{service}:{operation.title().replace('-', '')}",))


def test_it_allows_what_every_template_needs(
    policy: Mapping[str, Any], any_template: Document
) -> None:
    for resource_type in sorted(types_in(any_template)):
        actions = sorted(needed(resource_type))
        assert actions, resource_type
        assert [action for action in actions if not allows(policy, action)] == [], resource_type


def test_it_allows_what_access_logs_need(policy: Mapping[str, Any], everything: Document) -> None:
    actions = {*FOR_ACCESS_LOGS, *(a for kind in types_in(everything) for a in needed(kind))}
    assert [action for action in sorted(actions) if not allows(policy, action)] == []


def test_it_allows_a_key_of_your_own_through_services_only(policy: Mapping[str, Any]) -> None:
    (one,) = (
        statement
        for statement in policy["Statement"]
        if statement["Sid"] == "OnlyForEncryptionKeyCustomerManaged"
    )
    assert tuple(one["Action"]) == FOR_ENCRYPTION
    assert one["Condition"].keys() == {"StringLike"}


@pytest.fixture(scope="module")
def everything(template_of: Callable[..., Document]) -> Document:
    """A template with all optional parts of one Region."""
    domain = {"domains": ["live.example.com"], "hosted_zone": True, "certificate": "created"}
    return template_of(
        region="us-east-1",
        delivery={"access_logs": True, "web_acl": "managed", **domain},
        api={"access_logs": True, "direct_address": "closed"},
    )


@pytest.mark.parametrize("command", sorted({*commands()}))
def test_it_allows_the_commands_of_the_documents(policy: Mapping[str, Any], command: str) -> None:
    if not command.startswith(ADMINISTRATORS):
        for action in actions_of(command):
            assert allows(policy, action), action


def test_each_action_on_every_resource_is_needed(
    policy: Mapping[str, Any], everything: Document
) -> None:
    """Those that are limited to the stack's names may be wildcards."""
    kinds = types_in(everything)
    for name in ("kms", "supplied", "srt-listener", "subscribers", "company-login", "alarms"):
        kinds |= types_in(document(assemble(load(STREAMS[name]))))
    uses = {action for kind in kinds for action in needed(kind)} | {*FOR_ACCESS_LOGS}
    uses |= {action for command in commands() for action in actions_of(command)}
    for statement in policy["Statement"]:
        if statement["Resource"] == ["*"]:
            assert [
                pattern
                for pattern in statement["Action"]
                if pattern.endswith(":*")
                or not any(fnmatchcase(use.lower(), pattern.lower()) for use in uses)
            ] == []


def test_no_exclusion_is_stale(everything: Document) -> None:
    kinds = types_in(everything)
    for kind, pattern in NOT_NEEDED:
        assert any(
            fnmatchcase(action, pattern)
            for one in kinds
            if fnmatchcase(one, kind)
            for name in HANDLERS
            for action in schema_of(one, "us-east-1")
            .get("handlers", {})
            .get(name, {})
            .get("permissions", ())
        ), (kind, pattern)
    assert all(NOT_NEEDED.values())


def test_every_action_exists_or_is_a_pattern_of_existing_ones(policy: Mapping[str, Any]) -> None:
    """IAM accepts misspelled actions without an error."""
    session = botocore.session.get_session()
    for statement in policy["Statement"]:
        for pattern in statement["Action"]:
            service, _, name = pattern.partition(":")
            if pattern not in WITHOUT_OPERATION and service not in ("s3", "apigateway"):
                operations = session.get_service_model(service)
                assert any(
                    fnmatchcase(operation, name)
                    for one in operations.operation_names
                    for operation in (one, re.sub(r"\d{4}_\d\d_\d\d$", "", one))
                ), pattern


def test_it_fits_a_managed_policy(policy: Mapping[str, Any]) -> None:
    assert len(json.dumps(policy, separators=(",", ":"))) <= LONGEST_MANAGED_POLICY


def test_what_it_limits_to_names_has_those_names(
    template_of: Callable[..., Document], policy: Mapping[str, Any]
) -> None:
    """CloudFormation's names begin with the stack's, and secrets' with the logical ID.

    Channel groups have the name that the template gives them.
    """
    secrets = {
        match[1]
        for statement in policy["Statement"]
        for resource in statement["Resource"]
        if (match := re.fullmatch(r"arn:aws:secretsmanager:.*:secret:(\w+)-\*", resource))
    }
    template = template_of()
    others = [document(assemble(load(STREAMS[name]))) for name in ("supplied", "srt-listener")]
    assert secrets == {
        title
        for one in (template, *others)
        for title in of_type(one, "AWS::SecretsManager::Secret")
    }
    (group,) = of_type(template, "AWS::MediaPackageV2::ChannelGroup").values()
    assert group["ChannelGroupName"]["Fn::Join"][1][0] == {"Ref": "AWS::StackName"}
    for kind, name in NAMED_BY_CLOUDFORMATION.items():
        assert not any(name in one for one in of_type(template, kind).values()), kind
