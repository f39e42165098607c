"""Rules of checkov and AWS Control Tower that the template breaks on purpose, and why.

Nothing here is about what cfn-lint or this project's own linter finds. `lint.waivers` writes the
reasons of checkov's rules into the template; Control Tower's rules know no waivers in a template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Properties = Mapping[str, Any]

CHECKOV = "CKV"
"""How the IDs of checkov's rules begin; those of AWS Control Tower's begin with CT."""


def _always(_: Properties) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """Rules that mean the same, and the resources that may break them."""

    rules: tuple[str, ...]
    resources: tuple[str, ...]
    """Resource types, and logical IDs where other resources of their type follow the rule."""
    reason: str
    """What an attacker gains because the rule is broken, and why that is accepted."""
    broken: Callable[[Properties], bool] = _always
    """Whether these properties break the rule, if that depends on the stream."""
    option: str = ""
    """The option of the stream file that avoids it, if there is one."""


def _writes_anywhere(role: Properties) -> bool:
    return any(
        "s3:PutObject" in statement["Action"] and "*" in statement["Resource"]
        for policy in role.get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
    )


def _config(properties: Properties) -> Mapping[str, Any]:
    config: Mapping[str, Any] = properties["DistributionConfig"]
    return config


def _level(stage: Properties) -> str:
    return str(stage["MethodSettings"][0].get("LoggingLevel", "OFF"))


def _default_certificate(distribution: Properties) -> bool:
    return "ViewerCertificate" not in _config(distribution)


def _certificate_parameter(distribution: Properties) -> bool:
    given = _config(distribution).get("ViewerCertificate", {})
    return bool(given.get("AcmCertificateArn") == {"Ref": "CertificateArn"})


def _lacks(name: str) -> Callable[[Properties], bool]:
    return lambda one: name not in one


def _key_of_s3(bucket: Properties) -> bool:
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return bool(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] != "aws:kms")


def _has_boolean(policy: Properties) -> bool:
    """Whether the statement that requires TLS is in the shorter form."""
    return any(
        statement.get("Condition") == {"Bool": {"aws:SecureTransport": False}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


DAYS_OF_A_YEAR = 365
FUNCTION, LOG_GROUP, BUCKET = "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket"
DISTRIBUTION, STAGE = "AWS::CloudFront::Distribution", "AWS::ApiGateway::Stage"

WAIVERS = (
    Waiver(
        rules=("CKV_AWS_68",),
        resources=(DISTRIBUTION,),
        reason="An attacker can send as many requests as the network carries, which costs the "
        "operator money, and use up the API's rate, so that viewers get no new cookies; "
        "none of the requests gets media. delivery.web_acl adds a web ACL, and "
        "api.direct_address closes the way around it.",
        broken=lambda one: "WebACLId" not in _config(one),
        option="delivery.web_acl",
    ),
    Waiver(
        rules=("CKV_AWS_86", "CT.CLOUDFRONT.PR.5"),
        resources=(DISTRIBUTION,),
        reason="The rule knows only legacy logs, whose query strings cannot be left out: an "
        "attacker who reads the bucket gains authorization codes. Without any logs, an "
        "attacker who hands cookies to many people leaves no record of who asked for "
        "media: delivery.access_logs turns on standard logging v2, which is in us-east-1 "
        "only.",
    ),
    Waiver(
        rules=("CKV_AWS_174", "CT.CLOUDFRONT.PR.6", "CT.CLOUDFRONT.PR.7", "CT.CLOUDFRONT.PR.9"),
        resources=(DISTRIBUTION,),
        reason="An attacker on the path of a viewer whose browser is many years old could make it "
        "use TLS 1.0 or 1.1, and read that viewer's cookies and token. For CloudFront's own "
        "domain name, AWS fixes certificate and minimum; delivery.domains and "
        "delivery.minimum_tls set others. Browsers of today refuse these versions; old set-top "
        "boxes may not.",
        broken=_default_certificate,
        option="delivery.domains",
    ),
    Waiver(
        rules=("CT.CLOUDFRONT.PR.6", "CT.CLOUDFRONT.PR.7"),
        resources=(DISTRIBUTION,),
        reason="An attacker gains nothing: the certificate is a parameter that must be the ARN of "
        "one; the rule does not read parameters.",
        broken=_certificate_parameter,
    ),
    Waiver(
        rules=("CT.CLOUDFRONT.PR.4",),
        resources=(DISTRIBUTION,),
        reason="An attacker who stops the origin stops the stream. A second origin would need a "
        "second channel, or one in another Region, to have other media; MediaPackage v2 "
        "is spread over Availability Zones.",
        broken=lambda one: "OriginGroups" not in _config(one),
    ),
    Waiver(
        rules=("CKV_AWS_192",),
        resources=("ApiWebAcl",),
        reason="An attacker gains nothing: the rule wants AWS's rules against exploits of Log4j, "
        "which neither API Gateway nor a function in Python runs. This web ACL lets in only what "
        "the distribution sends.",
    ),
    Waiver(
        rules=("CKV_AWS_59",),
        resources=("DeleteCookies", "GetConfig"),
        reason="An attacker gains requests without a token, which share the rate of their "
        "method only: DELETE /api/cookies expires the cookies of the caller's browser, "
        "and GET /api/config returns what the page shows to everyone. Signing out must "
        "work without a valid token.",
    ),
    Waiver(
        rules=("CKV_AWS_120",),
        resources=(STAGE,),
        reason="With a cache, an attacker with a token that the function refuses could gain "
        "cookies that were made for a viewer; without it, nothing.",
    ),
    Waiver(
        rules=("CKV_AWS_73", "CT.APIGATEWAY.PR.2"),
        resources=(STAGE,),
        reason="An attacker gains nothing: traces show where time is spent. api.tracing turns them "
        "on.",
        broken=lambda one: not one.get("TracingEnabled"),
        option="api.tracing",
    ),
    Waiver(
        rules=("CKV_AWS_76",),
        resources=(STAGE,),
        reason="An attacker who holds a copied token could get cookies without a trace of the "
        "request. api.access_logs logs each; it is off because the account may lack API Gateway's "
        "logging role, without which the stack fails.",
        broken=lambda one: "AccessLogSetting" not in one,
        option="api.access_logs",
    ),
    Waiver(
        rules=("CT.APIGATEWAY.PR.1",),
        resources=(STAGE,),
        reason="An attacker who makes the API fail leaves no line that says how; requests that are "
        "refused are counted in any case. api.execution_logs logs each failure; it is off because "
        "the account may lack API Gateway's logging role, without which the stack fails.",
        broken=lambda one: _level(one) == "OFF",
        option="api.execution_logs",
    ),
    Waiver(
        rules=("CKV_AWS_115",),
        resources=(FUNCTION,),
        reason="An attacker with many requests can use up the account's concurrency only as far "
        "as the API's rate lets them in, for the fraction of a second that a request "
        "takes; the other functions are called by AWS only. A reserved part is refused "
        "in accounts with a low quota: functions.reserved_concurrency asks for one.",
        broken=_lacks("ReservedConcurrentExecutions"),
        option="functions.reserved_concurrency",
    ),
    Waiver(
        rules=("CKV_AWS_116",),
        resources=(FUNCTION,),
        reason="An attacker gains nothing: API Gateway, CloudFormation and Secrets Manager wait "
        "for the answer or repeat the call, and the channel guard looks again every 15 minutes.",
    ),
    Waiver(
        rules=("CKV_AWS_117", "CT.LAMBDA.PR.3"),
        resources=(FUNCTION,),
        reason="An attacker who already runs code in a function could send what it reads "
        "anywhere: with a private key in Secrets Manager, that key. A VPC without a way "
        "out would prevent it, at the price of interface endpoints, and not for the "
        "function that changes CloudFront's keys, which has none.",
    ),
    Waiver(
        rules=("CKV_AWS_173",),
        resources=(FUNCTION,),
        reason="An attacker who may read a function's configuration gains names and addresses, "
        "which the template has, too. No variable is a secret, and Lambda encrypts all of them. "
        "encryption.key encrypts them with a key of the stack.",
        broken=_lacks("KmsKeyArn"),
        option="encryption.key",
    ),
    Waiver(
        rules=("CKV_AWS_149",),
        resources=("AWS::SecretsManager::Secret",),
        reason="An attacker with secretsmanager:GetSecretValue in this account needs no "
        "kms:Decrypt besides: the signing key lets them sign cookies until it is "
        "replaced, a passphrase lets them send another picture. With signing.mode = kms, "
        "there is no secret with a signing key. encryption.key encrypts secrets with a key of the "
        "stack.",
        broken=_lacks("KmsKeyId"),
        option="encryption.key",
    ),
    Waiver(
        rules=("CKV_AWS_158", "CT.CLOUDWATCH.PR.3"),
        resources=(LOG_GROUP,),
        reason="An attacker with logs:FilterLogEvents in this account needs no kms:Decrypt "
        "besides, and reads lines without tokens, cookies and keys, but with the "
        "viewers' IDs if api.log_viewers is on. CloudWatch Logs encrypts them with a key "
        "of its own; encryption.key, with one of the stack.",
        broken=_lacks("KmsKeyId"),
        option="encryption.key",
    ),
    Waiver(
        rules=("CT.CLOUDWATCH.PR.2",),
        resources=(LOG_GROUP,),
        reason="An attacker who is noticed after logs.retention_days, 30 by default, has left "
        "no trace in the logs any more; what is not kept cannot be read by one, either, "
        "and needs no explanation to viewers. 365 days and more follow the rule.",
        broken=lambda one: one["RetentionInDays"] < DAYS_OF_A_YEAR,
        option="logs.retention_days",
    ),
    Waiver(
        rules=("CKV_AWS_27",),
        resources=("ShowFailures",),
        reason="An attacker with sqs:ReceiveMessage in this account needs no kms:Decrypt besides, "
        "and reads which starts and stops of the channel failed, and why. SQS encrypts the queue "
        "with a key of its own (SqsManagedSseEnabled), which the rule does not know.",
    ),
    Waiver(
        rules=("CT.SQS.PR.1",),
        resources=("ShowFailures",),
        reason="An attacker gains nothing: the queue is itself one for what failed, which people "
        "read, and no program that could fail again.",
    ),
    Waiver(
        rules=("CKV_AWS_26",),
        resources=("AWS::SNS::Topic",),
        reason="An attacker gains nothing: messages are sent by mail anyway, and hold no secret. "
        "CloudWatch cannot publish with SNS's own key; encryption.key encrypts the topic with a "
        "key of the stack.",
        broken=_lacks("KmsMasterKeyId"),
        option="encryption.key",
    ),
    Waiver(
        rules=("CT.CLOUDWATCH.PR.1",),
        resources=("AWS::CloudWatch::Alarm",),
        reason="An attacker gains nothing: a composite alarm, which has an action, reports this "
        "one together with others that have the same cause.",
        broken=_lacks("AlarmActions"),
    ),
    Waiver(
        rules=("CKV_AWS_18", "CT.S3.PR.2"),
        resources=(BUCKET,),
        reason="An attacker who has credentials of the account and changes or deletes a file of "
        "the bucket is seen only if the account records data events in CloudTrail, which "
        "it does not unless asked to. Logs of the log bucket would log themselves; those "
        "of the page's bucket would not say more than such events, and S3 delivers them only into "
        "a bucket that is encrypted with S3's own key, which would break another rule.",
    ),
    Waiver(
        rules=("CKV_AWS_21", "CT.S3.PR.11"),
        resources=(BUCKET,),
        reason="An attacker who may write into the bucket could replace the page by one that "
        "takes viewers' tokens, or delete logs, and what was there before could not be "
        "seen any more. `make site` writes every file of the page again, byte for byte; "
        "a bucket with versions can be deleted only once they are deleted one by one. "
        "buckets.former_version_days keeps them.",
        broken=_lacks("VersioningConfiguration"),
        option="buckets.former_version_days",
    ),
    Waiver(
        rules=("CT.S3.PR.9",),
        resources=(BUCKET,),
        reason="An attacker who may write into the bucket could replace or delete a file. An "
        "object lock cannot be removed, and its versions keep the bucket from being "
        "deleted.",
    ),
    Waiver(
        rules=("CT.S3.PR.4",),
        resources=(BUCKET,),
        reason="An attacker who replaces a file is not noticed by a notification, for which "
        "there is nobody to receive it. buckets.events sends one to EventBridge.",
        broken=_lacks("NotificationConfiguration"),
        option="buckets.events",
    ),
    Waiver(
        rules=("CT.S3.PR.10",),
        resources=(BUCKET,),
        reason="An attacker with s3:GetObject in this account needs no kms:Decrypt besides. S3 "
        "encrypts with a key of its own; the page is public, and the logs have viewers' "
        "addresses, but no cookies and no query strings. encryption.key encrypts both with a key "
        "of the stack.",
        broken=_key_of_s3,
        option="encryption.key",
    ),
    Waiver(
        rules=("CT.S3.PR.8",),
        resources=("AWS::S3::BucketPolicy",),
        reason="An attacker gains nothing: the statement that the rule wants is there. The rule "
        'compares with the text "false", where the template has the boolean, and does '
        "not read Fn::Sub. With an option of `buckets`, the template has the form that it reads.",
        broken=_has_boolean,
        option="buckets.former_version_days",
    ),
    Waiver(
        rules=("CT.LAMBDA.PR.2",),
        resources=("GetCookiesInvokePermission", "DeleteCookiesInvokePermission"),
        reason="An attacker gains nothing: SourceArn names one method of this API; the rule does "
        "not read Fn::Sub.",
    ),
    Waiver(
        rules=("CT.KMS.PR.3",),
        resources=("AWS::KMS::Key",),
        reason="An attacker with kms:CreateGrant in this account could let another account sign "
        "cookies, which shows in the key's list of grants only. A key policy of the "
        "stack's own that denies it has no room in a template that must be deployed "
        "without a bucket; the account's IAM policies decide, as with KMS's default key "
        "policy. With encryption.key, there is one.",
        broken=_lacks("KeyPolicy"),
        option="encryption.key",
    ),
    Waiver(
        rules=("CKV_AWS_111",),
        resources=("ChannelRole",),
        reason="An attacker who could act as MediaLive for this channel may write objects into "
        "any bucket that lets this account write, the page's included. AWS does not "
        "publish the name of the bucket of thumbnails; encoding.thumbnails adds this "
        "statement, and is off by default.",
        broken=_writes_anywhere,
        option="encoding.thumbnails",
    ),
)


def waivers(logical_id: str, resource: Mapping[str, Any]) -> dict[str, str]:
    """The rules that a resource of an emitted template breaks on purpose, with the reasons."""
    names = {logical_id, resource["Type"]}
    return {
        rule: waiver.reason
        for waiver in WAIVERS
        if names & {*waiver.resources} and waiver.broken(resource.get("Properties", {}))
        for rule in waiver.rules
    }


def waivers_of_checkov(logical_id: str, resource: Mapping[str, Any]) -> dict[str, str]:
    """Those of checkov, which reads them in the template."""
    found = waivers(logical_id, resource)
    return {rule: reason for rule, reason in found.items() if rule.startswith(CHECKOV)}
