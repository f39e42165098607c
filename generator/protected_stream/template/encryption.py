"""Encryption at rest: one KMS key of the stack for what it stores and publishes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from awacs import kms as may
from awacs.aws import (
    Action,
    Allow,
    ArnLike,
    BoolIfExists,
    Condition,
    ConditionElement,
    Deny,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
)
from pydantic import Field
from troposphere import AWSHelperFn, AWSObject, Ref, Sub, awslambda, iam, kms, logs, s3, sns
from troposphere import secretsmanager as secrets

from protected_stream.template.metadata import why
from protected_stream.template.options import Options
from protected_stream.template.section import Note, Section

AWS_OWNED: Literal["aws-owned"] = "aws-owned"
DAYS_UNTIL_DELETED = 30
"""KMS's waiting period before it deletes a key, in which the deletion can be canceled.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""


class EncryptionOptions(Options):
    """Whose key encrypts what the stack stores."""

    key: Literal["aws-owned", "customer-managed"] = Field(
        default=AWS_OWNED,
        exclude_if=lambda choice: choice == AWS_OWNED,
        description="aws-owned: each service's own; customer-managed: a KMS key of the stack, "
        "which costs $1 a month, for its buckets, logs, secrets and functions' environment "
        "variables. The template is then too large for deploying without a bucket",
    )


def encryption(options: EncryptionOptions, parts: Sequence[Section]) -> Section:
    """The key, after making every resource of the sections that stores data use it.

    Keys that sign get a key policy of their own, too: the same rules, without the services.

    Source: AWS::KMS::Key; AWS KMS Developer Guide, "Rotate AWS KMS keys".

    Args:
        options: whose key it is.
        parts: the stack's other sections.
    """
    if options.key == AWS_OWNED:
        return Section(source="encryption")
    resources = [one for part in parts for one in part.resources]
    key = kms.Key(
        "DataKey",
        Metadata=why("encrypts what the stack stores; disabling it makes all of that unreadable"),
        Description="Encrypts the stream's buckets, logs, secrets and environment variables",
        EnableKeyRotation=True,
        PendingWindowInDays=DAYS_UNTIL_DELETED,
        KeyPolicy=_policy([*_by_administrators(), _through_services(), *_by_services(resources)]),
    )
    has_secrets = any(isinstance(one, secrets.Secret) for one in resources)
    for one in resources:
        if isinstance(one, kms.Key):
            one.KeyPolicy = _policy([_by_whom_iam_allows()])
        elif isinstance(one, iam.Role) and has_secrets:
            _let_use(one, key)
        else:
            use = next((use for kind, use in USES.items() if isinstance(one, kind)), None)
            if use:
                use(one, key)
    return Section(
        source="encryption",
        resources=(key,),
        notes=(
            Note(
                "encrypted",
                "with a KMS key of the stack: to upload the page, a role needs "
                "kms:GenerateDataKey and kms:Decrypt, too",
            ),
        ),
    )


def _log_group(group: Any, key: kms.Key) -> None:
    group.KmsKeyId = key.get_att("Arn")


def _secret(secret: Any, key: kms.Key) -> None:
    secret.KmsKeyId = key.get_att("Arn")


def _function(function: Any, key: kms.Key) -> None:
    """Lambda decrypts the variables by a grant that it creates for the function's role.

    Source: AWS Lambda Developer Guide, "Securing Lambda environment variables".
    """
    function.KmsKeyArn = key.get_att("Arn")


def _bucket(bucket: Any, key: kms.Key) -> None:
    """With an S3 Bucket Key, S3 asks KMS rarely.

    Source: Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys".
    """
    (rule,) = bucket.BucketEncryption.ServerSideEncryptionConfiguration
    rule.BucketKeyEnabled = True
    rule.ServerSideEncryptionByDefault.SSEAlgorithm = "aws:kms"
    rule.ServerSideEncryptionByDefault.KMSMasterKeyID = key.get_att("Arn")


def _topic(topic: Any, key: kms.Key) -> None:
    topic.KmsMasterKeyId = key.get_att("Arn")


USES: Mapping[type[AWSObject], Callable[[Any, kms.Key], None]] = {
    awslambda.Function: _function,
    logs.LogGroup: _log_group,
    s3.Bucket: _bucket,
    secrets.Secret: _secret,
    sns.Topic: _topic,
}
"""How a resource that stores data uses the key."""

FOR_SECRETS: Mapping[str, tuple[Action, ...]] = {
    "secretsmanager:GetSecretValue": (may.Decrypt,),
    "secretsmanager:PutSecretValue": (may.Decrypt, may.GenerateDataKey),
}
"""What else an action on a secret needs.

Source: AWS Secrets Manager User Guide, "Secret encryption and decryption in AWS Secrets Manager",
permissions for the KMS key.
"""


def _let_use(role: iam.Role, key: kms.Key) -> None:
    """Lets a role that reads or writes secrets use the key through Secrets Manager only."""
    for policy in role.Policies:
        statements = policy.PolicyDocument.properties["Statement"]
        there = {str(one.JSONrepr()) for each in statements for one in each.Action}
        needed = {use.JSONrepr(): use for one in there for use in FOR_SECRETS.get(one, ())}
        if needed:
            statements.append(
                Statement(
                    Effect=Allow,
                    Action=[needed[name] for name in sorted(needed)],
                    Resource=[key.get_att("Arn")],
                    Condition=Condition(StringEquals({"kms:ViaService": _host("secretsmanager")})),
                )
            )


def _policy(statements: Iterable[Statement]) -> PolicyDocument:
    """A key policy; in it, the resource "*" is the key.

    Source: AWS KMS Developer Guide, "Key policies in AWS KMS", Resource.
    """
    return PolicyDocument(
        Version="2012-10-17", Statement=[*statements, _grants_for_services_only()]
    )


def _statement(
    sid: str,
    principal: Principal,
    actions: Sequence[Action],
    *conditions: ConditionElement,
) -> Statement:
    return Statement(
        Sid=sid,
        Effect=Allow,
        Principal=principal,
        Action=list(actions),
        Resource=["*"],
        **({"Condition": Condition(list(conditions))} if conditions else {}),
    )


def _account() -> Principal:
    """Every principal of the account whom IAM policies allow the same."""
    return Principal("AWS", [Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")])


def _by_whom_iam_allows() -> Statement:
    """KMS's default key policy.

    Source: AWS KMS Developer Guide, "Default key policy".
    """
    return _statement("WhomIamAllows", _account(), [may.Action("*")])


ADMINISTRATION = (
    *("CancelKeyDeletion", "CreateAlias", "DeleteAlias", "DescribeKey", "Disable*", "Enable*"),
    *("Get*", "List*", "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion", "TagResource"),
    *("UntagResource", "Update*"),
)
USE = ("CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*")
STORES = ("lambda", "s3", "secretsmanager")
"""The services that use the key on behalf of their callers."""


def _by_administrators() -> tuple[Statement, ...]:
    """They manage the key, but cannot decrypt with it.

    Source: AWS KMS Developer Guide, "Allows key administrators to administer the KMS key".
    """
    return (_statement("Administration", _account(), [may.Action(one) for one in ADMINISTRATION]),)


def _through_services() -> Statement:
    """Those whom IAM allows use the key through the services that store the data, never directly.

    Source: AWS KMS Developer Guide, condition key kms:ViaService.
    """
    return _statement(
        "OnlyThroughServices",
        _account(),
        [may.Action(one) for one in USE],
        StringEquals({"kms:ViaService": [_host(one) for one in STORES]}),
    )


def _host(service: str) -> AWSHelperFn:
    return Sub(f"{service}.${{AWS::Region}}.amazonaws.com")


def _by_services(resources: Iterable[AWSObject]) -> Iterable[Statement]:
    """Services that use the key as themselves, if the stack has what they use it for."""
    kinds = {type(one) for one in resources}
    if logs.LogGroup in kinds:
        yield _by_logs()
    if s3.Bucket in kinds:
        yield _by_cloudfront()
    if logs.Delivery in kinds:
        yield _by_log_delivery()
    if sns.Topic in kinds:
        yield _by_publishers()


def _by_logs() -> Statement:
    """CloudWatch Logs, for log groups of this stack and execution logs of its API.

    Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
    """
    groups = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    return _statement(
        "Logs",
        Principal("Service", [_host("logs")]),
        [
            may.Action(one)
            for one in ("Decrypt*", "Describe*", "Encrypt*", "GenerateDataKey*", "ReEncrypt*")
        ],
        ArnLike(
            {
                "kms:EncryptionContext:aws:logs:arn": [
                    Sub(f"{groups}${{AWS::StackName}}-*"),
                    Sub(f"{groups}API-Gateway-Execution-Logs_*"),
                ]
            }
        ),
    )


def _by_cloudfront() -> Statement:
    """CloudFront, for distributions of this account, of which the bucket policy lets in one.

    The distribution names the bucket, and the bucket the key: naming the distribution here would
    close a circle.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", SSE-KMS;
    AWS CDK, "CloudFront Origins", the same circle and the same way out.
    """
    return _statement(
        "CloudFront",
        Principal("Service", ["cloudfront.amazonaws.com"]),
        [may.Decrypt],
        ArnLike(
            {
                "aws:SourceArn": Sub(
                    "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*"
                )
            }
        ),
    )


def _by_log_delivery() -> Statement:
    """Source: Amazon CloudWatch Logs User Guide, "Logs sent to Amazon S3", SSE-KMS."""
    return _statement(
        "LogDelivery",
        Principal("Service", ["delivery.logs.amazonaws.com"]),
        [
            may.Action(one)
            for one in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*")
        ],
        StringEquals({"aws:SourceAccount": Ref("AWS::AccountId")}),
        ArnLike(
            {
                "aws:SourceArn": Sub(
                    "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:delivery-source:*"
                )
            }
        ),
    )


def _by_publishers() -> Statement:
    """CloudWatch's alarms and EventBridge, for the topic; EventBridge supports no condition.

    Source: Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs".
    """
    return _statement(
        "Publishers",
        Principal("Service", ["cloudwatch.amazonaws.com", "events.amazonaws.com"]),
        [may.Action(one) for one in ("Decrypt", "GenerateDataKey*")],
    )


def _grants_for_services_only() -> Statement:
    """Nobody lets another principal use the key in a way that IAM policies do not show.

    Source: AWS Control Tower, CT.KMS.PR.3, whose form this is; AWS KMS Developer Guide, condition
    key kms:GrantIsForAWSResource.
    """
    return Statement(
        Sid="GrantsForServicesOnly",
        Effect=Deny,
        Principal=Principal("*"),
        Action=[may.CreateGrant],
        Resource=["*"],
        Condition=Condition(
            BoolIfExists(
                {"aws:PrincipalIsAWSService": "false", "kms:GrantIsForAWSResource": "false"}
            )
        ),
    )
