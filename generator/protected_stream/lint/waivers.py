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


DAYS_OF_A_YEAR = 365
FUNCTION, LOG_GROUP, BUCKET = "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket"
DISTRIBUTION, STAGE = "AWS::CloudFront::Distribution", "AWS::ApiGateway::Stage"

WAIVERS = (
    Waiver(
        rules=("CKV_AWS_68",),
        resources=(DISTRIBUTION,),
        reason="An attacker can send as many requests as the network carries, which costs the "
        "operator money; none of them gets media. delivery.web_acl adds a web ACL.",
        broken=lambda one: "WebACLId" not in _config(one),
        option="delivery.web_acl",
    ),
    Waiver(
        rules=("CKV_AWS_86", "CT.CLOUDFRONT.PR.5"),
        resources=(DISTRIBUTION,),
        reason="The rule knows only legacy logs, with which an attacker who reads the bucket gains "
        "the viewers' cookies and authorization codes: their fields cannot be chosen. "
        "delivery.access_logs turns on standard logging v2, without these fields.",
    ),
    Waiver(
        rules=("CKV_AWS_174", "CT.CLOUDFRONT.PR.6", "CT.CLOUDFRONT.PR.7", "CT.CLOUDFRONT.PR.9"),
        resources=(DISTRIBUTION,),
        reason="An attacker on the path of a viewer whose browser is many years old could make it "
        "use TLS 1.0 or 1.1, and read that viewer's cookies. For CloudFront's own domain name, AWS "
        "fixes certificate and minimum; browsers of today refuse these versions.",
        broken=_default_certificate,
    ),
    Waiver(
        rules=("CT.CLOUDFRONT.PR.4",),
        resources=(DISTRIBUTION,),
        reason="An attacker who stops one origin stops the stream, as with a second origin that "
        "the same channel feeds. MediaPackage v2 is spread over Availability Zones, and an origin "
        "group accepts no other methods than GET, HEAD and OPTIONS, which the API needs.",
        broken=lambda one: "OriginGroups" not in _config(one),
    ),
    Waiver(
        rules=("CKV_AWS_59",),
        resources=("DeleteCookies", "GetConfig"),
        reason="An attacker gains nothing: DELETE /api/cookies expires the cookies of the "
        "caller, and GET /api/config returns what the page shows to everyone. Signing out must "
        "work without a valid token.",
    ),
    Waiver(
        rules=("CKV_AWS_120",),
        resources=(STAGE,),
        reason="With a cache, an attacker could gain another viewer's cookies; without it, "
        "nothing.",
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
        reason="An attacker cannot use up the account's concurrency: the API's rate limits the "
        "function for cookies, and the others are called by AWS only. A reserved part is refused "
        "in accounts with a low quota, and could keep a rotation from running.",
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
        reason="An attacker who already runs code in a function could send data anywhere. The "
        "functions call AWS's public endpoints only and reach nothing private, which is what a VPC "
        "protects.",
    ),
    Waiver(
        rules=("CKV_AWS_173",),
        resources=(FUNCTION,),
        reason="An attacker who may read a function's configuration gains names and addresses, "
        "which the template has, too. No variable is a secret, and Lambda encrypts all of them.",
    ),
    Waiver(
        rules=("CKV_AWS_149",),
        resources=("AWS::SecretsManager::Secret",),
        reason="An attacker with secretsmanager:GetSecretValue in this account needs no "
        "kms:Decrypt besides. Secrets are encrypted with the key aws/secretsmanager, which no "
        "other account can use; KMS can keep the signing key instead of a secret.",
    ),
    Waiver(
        rules=("CKV_AWS_158", "CT.CLOUDWATCH.PR.3"),
        resources=(LOG_GROUP,),
        reason="An attacker with logs:FilterLogEvents in this account needs no kms:Decrypt "
        "besides, and reads lines without tokens, cookies and keys. CloudWatch Logs encrypts them "
        "with a key of its own.",
    ),
    Waiver(
        rules=("CT.CLOUDWATCH.PR.2",),
        resources=(LOG_GROUP,),
        reason="An attacker who is noticed after logs.retention_days has left no trace in the logs "
        "any more; what is not kept cannot be read by one, either. 365 days and more follow the "
        "rule.",
        broken=lambda one: one["RetentionInDays"] < DAYS_OF_A_YEAR,
        option="logs.retention_days",
    ),
    Waiver(
        rules=("CKV_AWS_18", "CT.S3.PR.2"),
        resources=(BUCKET,),
        reason="An attacker who has credentials of the account and reads the bucket is seen in "
        "CloudTrail's data events only. The page is public, CloudFront alone reads it, and logs "
        "of the log bucket would log themselves.",
    ),
    Waiver(
        rules=("CKV_AWS_21", "CT.S3.PR.11"),
        resources=(BUCKET,),
        reason="An attacker who may write into the bucket could replace a file for good. `make "
        "site` writes every file of the page again, byte for byte; nothing writes a log twice.",
    ),
    Waiver(
        rules=("CT.S3.PR.9",),
        resources=(BUCKET,),
        reason="An attacker who may write into the bucket could replace or delete a file. An "
        "object lock would forbid every update of the page, and deleting old logs.",
    ),
    Waiver(
        rules=("CT.S3.PR.4",),
        resources=(BUCKET,),
        reason="An attacker gains nothing: there is nobody to notify of a page that was uploaded "
        "or a log that was written.",
    ),
    Waiver(
        rules=("CT.S3.PR.10",),
        resources=(BUCKET,),
        reason="An attacker with s3:GetObject in this account needs no kms:Decrypt besides. S3 "
        "encrypts with a key of its own; the page is public, and the logs have no cookies and no "
        "query strings.",
    ),
    Waiver(
        rules=("CT.S3.PR.8",),
        resources=("AWS::S3::BucketPolicy",),
        reason="An attacker gains nothing: the statement that the rule wants is there, with the "
        'boolean false, where the rule compares with the text "false".',
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
        reason="An attacker who may create grants in this account could let another account sign "
        "cookies. Such an attacker could as well change the key's policy: the account's IAM "
        "policies decide about the key, as with KMS's default key policy.",
    ),
    Waiver(
        rules=("CKV_AWS_111",),
        resources=("ChannelRole",),
        reason="An attacker who could act as MediaLive for this channel may write objects into the "
        "account's buckets. AWS does not publish the name of the bucket of thumbnails; "
        "encoding.thumbnails adds this statement, and is off by default.",
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
