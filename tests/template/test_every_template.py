"""Rules for every template that the generator writes: the default stream and all examples."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import pytest

from preview.cloudformation.schemas import is_custom, schema_of
from protected_stream import assemble
from protected_stream.config import load
from protected_stream.lint import findings
from protected_stream.template.deletion_policy import BY_NAME, DELETION_RULES, deletion_rule
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document, of_type
from tests.expected_files import EXPECTED, resource_overview
from tests.resolve import Stack

# Bytes; AWS CloudFormation User Guide, "Quotas", template body
LARGEST_IN_A_BUCKET = 1_000_000

# Suppressed cfn-lint rules: resource type, rule -> why
SUPPRESSIONS = {
    ("AWS::MediaLive::Input", "E1041"): "cfn-lint expects another ID than InputSecurityGroup's Ref",
    ("AWS::S3::BucketPolicy", "I1022"): "AWS Control Tower's rule reads Fn::Join, not Fn::Sub",
    ("AWS::IAM::Role", "W3037"): "cfn-lint does not know MediaConnect's actions for inputs",
}
# Suppressed in a whole template: signing.mode -> rules
SUPPRESSED_BY_MODE = {
    # reasons for resources, and deletion policies that are defaults: the functions' code leaves no
    # room for them
    "kms": ("I3011", "I4010"),
}


SHOW = {"name": "matinee", "days": ["sun"], "start": time(15), "end": time(16, 30)}


@dataclass(frozen=True)
class Star:
    """A policy statement with "*" as its resource, action or principal."""

    resource: str
    actions: frozenset[str]
    page: str = field(compare=False, default="")
    """The documentation that allows nothing narrower."""


ACTIONS_WITHOUT_RESOURCE_TYPES = frozenset(
    {
        "cloudfront:CreateKeyGroup",
        "cloudfront:CreatePublicKey",
        "cloudfront:DeleteKeyGroup",
        "cloudfront:DeletePublicKey",
        "cloudfront:GetKeyGroup",
        "cloudfront:GetPublicKey",
        "cloudfront:ListKeyGroups",
        "cloudfront:ListPublicKeys",
        "cloudfront:UpdateKeyGroup",
    }
)
TRACES = frozenset({"xray:PutTelemetryRecords", "xray:PutTraceSegments"})
AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
REFUSED_WITHOUT_TLS = (
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"
)
REFUSED_TO_OTHERS = (
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
    "/sqs-security-best-practices.html"
)
# It says that the role needs access to S3, and names no bucket
THUMBNAILS = "https://docs.aws.amazon.com/medialive/latest/ug/thumbnails-enable.html"
# In a key policy, the resource "*" is the key. The other pages have the statements for each service
KEY_POLICY = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html"
ADMINISTRATORS = (
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
    "#key-policy-default-allow-administrators"
)
OF_LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
OF_LOG_DELIVERY = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html"
)
FOR_TOPICS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
OF_KEYS = {
    "*": KEY_POLICY,
    "CancelKeyDeletion CreateAlias DeleteAlias DescribeKey Disable* Enable* Get* List* "
    "PutKeyPolicy RevokeGrant ScheduleKeyDeletion TagResource UntagResource Update*": (
        ADMINISTRATORS
    ),
    "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey* ReEncrypt*": KEY_POLICY,
    "Decrypt": KEY_POLICY,
    "Decrypt GenerateDataKey*": FOR_TOPICS,
    "Decrypt* Describe* Encrypt* GenerateDataKey* ReEncrypt*": OF_LOGS,
    "Decrypt DescribeKey Encrypt GenerateDataKey* ReEncrypt*": OF_LOG_DELIVERY,
}
STARS = {
    *(
        Star(
            "SigningKey1" if actions == "*" else "DataKey",
            frozenset(f"kms:{one}" for one in actions.split()),
            page,
        )
        for actions, page in OF_KEYS.items()
    ),
    *(
        Star(key, frozenset({"Deny kms:CreateGrant"}), KEY_POLICY)
        for key in ("DataKey", "SigningKey1")
    ),
    Star(
        "SigningKeyFunctionRole",
        ACTIONS_WITHOUT_RESOURCE_TYPES,
        AUTHORIZATION + "list_amazoncloudfront.html",
    ),
    Star("PageBucketPolicy", frozenset({"Deny s3:*"}), REFUSED_WITHOUT_TLS),
    Star("AccessLogBucketPolicy", frozenset({"Deny s3:*"}), REFUSED_WITHOUT_TLS),
    Star("ChannelRole", frozenset({"s3:PutObject"}), THUMBNAILS),
    Star("ShowFailuresPolicy", frozenset({"Deny sqs:SendMessage"}), REFUSED_TO_OTHERS),
    Star("ShowFailuresPolicy", frozenset({"Deny sqs:*"}), REFUSED_TO_OTHERS),
    *(
        Star(role, TRACES, AUTHORIZATION + "list_awsx-ray.html")
        for role in ("CookiesFunctionRole", "CookiesByKmsFunctionRole")
    ),
}

# Logical IDs of stateful resources and those known outside the stack: an interface, never renamed
STATEFUL = {
    "AccessLogBucket": "AWS::S3::Bucket",
    "AlarmTopic": "AWS::SNS::Topic",
    "Api": "AWS::ApiGateway::RestApi",
    "ApiExecutionLog": "AWS::Logs::LogGroup",
    "ApiLog": "AWS::Logs::LogGroup",
    "ApiWayInSecret": "AWS::SecretsManager::Secret",
    "Channel": "AWS::MediaLive::Channel",
    "CookieKeys": "AWS::CloudFront::KeyGroup",
    "ChannelGuard": "Custom::ChannelGuard",
    "ChannelGuardFunction": "AWS::Lambda::Function",
    "ChannelGuardFunctionLog": "AWS::Logs::LogGroup",
    "ChannelOnAir": "Custom::OnAir",
    "CookiesByKmsFunctionLog": "AWS::Logs::LogGroup",
    "CookiesFunctionLog": "AWS::Logs::LogGroup",
    "DataKey": "AWS::KMS::Key",
    "Distribution": "AWS::CloudFront::Distribution",
    "EncoderPassphrase": "AWS::SecretsManager::Secret",
    "EncoderInput": "AWS::MediaLive::Input",
    "KmsCookieKeys": "AWS::CloudFront::KeyGroup",
    "PackagerChannel": "AWS::MediaPackageV2::Channel",
    "PackagerEndpoint": "AWS::MediaPackageV2::OriginEndpoint",
    "PackagerGroup": "AWS::MediaPackageV2::ChannelGroup",
    "PackagerIsmEndpoint": "AWS::MediaPackageV2::OriginEndpoint",
    "PackagerTsEndpoint": "AWS::MediaPackageV2::OriginEndpoint",
    "PageBucket": "AWS::S3::Bucket",
    "PageClient": "AWS::Cognito::UserPoolClient",
    "PrivateKeySecret": "AWS::SecretsManager::Secret",
    "SignInDomain": "AWS::Cognito::UserPoolDomain",
    "PublicKeyFunction": "AWS::Lambda::Function",
    "PublicKeyFunctionLog": "AWS::Logs::LogGroup",
    "SigningKey1": "AWS::KMS::Key",
    "SigningKey2": "AWS::KMS::Key",
    "SinglePipelineChannel": "AWS::MediaLive::Channel",
    "SinglePipelineChannelOnAir": "Custom::OnAir",
    "SinglePipelineInput": "AWS::MediaLive::Input",
    "SigningKeyFunction": "AWS::Lambda::Function",
    "SigningKeyAgeFunctionLog": "AWS::Logs::LogGroup",
    "SigningKeyFunctionLog": "AWS::Logs::LogGroup",
    "SigningKeyPair": "Custom::SigningKeyPair",
    "ShowFailures": "AWS::SQS::Queue",
    "SigningSecret": "AWS::SecretsManager::Secret",
    "UserPool": "AWS::Cognito::UserPool",
}
STATEFUL_TYPES = set(STATEFUL.values()) - {"AWS::Lambda::Function"}


@pytest.mark.slow
def test_the_linter_finds_nothing(any_template: Document, any_stream: Any) -> None:
    assert findings(json.dumps(any_template), any_stream.region) == ()


def test_it_suppresses_only_listed_rules(any_template: Document, any_stream: Any) -> None:
    assert {
        (resource["Type"], rule)
        for resource in any_template["Resources"].values()
        for rule in resource.get("Metadata", {})
        .get("cfn-lint", {})
        .get("config", {})
        .get("ignore_checks", ())
    } <= set(SUPPRESSIONS)
    ignored = (
        any_template["Metadata"].get("cfn-lint", {}).get("config", {}).get("ignore_checks", [])
    )
    assert tuple(ignored) == SUPPRESSED_BY_MODE.get(any_stream.signing.mode, ())


def test_cloudformation_accepts_it_from_a_bucket(any_template: Document) -> None:
    assert _size(any_template) <= LARGEST_IN_A_BUCKET


def test_stars_are_only_where_the_documentation_allows_nothing_else(any_template: Document) -> None:
    assert set(_stars(any_template)) <= STARS
    assert all(star.page for star in STARS)


def test_the_list_of_stars_has_no_stale_entry(template_of: Any) -> None:
    api = {"tracing": True}
    everything = template_of(
        region="us-east-1",
        delivery={"access_logs": True},
        encoding={"thumbnails": True},
        api=api,
        schedule={"time_zone": "UTC", "shows": [SHOW]},
    )
    by_kms = template_of(
        region="us-east-1",
        signing={"mode": "kms"},
        delivery={"access_logs": True},
        api=api,
        encryption={"key": "customer-managed"},
        alarms={},
    )
    assert {*_stars(everything), *_stars(by_kms)} == STARS


def test_only_this_accounts_resources_may_invoke_a_function(any_template: Document) -> None:
    """SourceAccount is needed where the ARN of the source does not name the account."""
    permissions = of_type(any_template, "AWS::Lambda::Permission")
    assert permissions
    stack = Stack(template=any_template)
    for title in permissions:
        stated = stack.properties(title)
        account = stack.stack_id.account_id
        assert stated.get("SourceAccount") == account or f":{account}:" in stated["SourceArn"]


def test_logs_expire(any_template: Document) -> None:
    groups = of_type(any_template, "AWS::Logs::LogGroup")
    assert groups
    assert all(group["RetentionInDays"] for group in groups.values())


def test_a_function_writes_to_its_own_log_and_can_make_no_other(any_template: Document) -> None:
    for title, function in of_type(any_template, "AWS::Lambda::Function").items():
        role = any_template["Resources"][f"{title}Role"]
        assert "logs:CreateLogGroup" not in json.dumps(role)
        assert function["LoggingConfig"] == {
            "LogFormat": "JSON",
            "LogGroup": {"Ref": f"{title}Log"},
        }


def test_every_stateful_resource_has_its_deletion_policy(
    any_template: Document, any_stream: Any
) -> None:
    """Only a template without room for explanations leaves out CloudFormation's default, Delete."""
    default = None if any_stream.signing.explained else "Delete"
    for name, resource in any_template["Resources"].items():
        rule = deletion_rule(name, resource["Type"])
        stated = resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")
        if rule and stated == (None, None):
            stated = default, default
        assert stated == ((rule.on_delete, rule.on_replacement) if rule else (None, None))


def test_accounts_and_files_outlive_the_stack_and_keys_and_logs_do_not() -> None:
    assert {
        kind: (rule.on_delete, rule.on_replacement)
        for kind, rule in (DELETION_RULES | BY_NAME).items()
    } == {
        "AWS::Cognito::UserPool": ("Retain", "Retain"),
        "AWS::Cognito::UserPoolGroup": ("RetainExceptOnCreate", "Retain"),
        "AWS::Cognito::UserPoolUser": ("RetainExceptOnCreate", "Retain"),
        "AWS::Cognito::UserPoolUserToGroupAttachment": ("RetainExceptOnCreate", "Retain"),
        "AWS::KMS::Key": ("Delete", "Delete"),
        "AWS::Logs::LogGroup": ("Delete", "Delete"),
        "AWS::S3::Bucket": ("RetainExceptOnCreate", "Retain"),
        "AWS::SQS::Queue": ("Delete", "Delete"),
        "AWS::SecretsManager::Secret": ("Delete", "Delete"),
        "DataKey": ("RetainExceptOnCreate", "Retain"),
    }
    assert all(rule.why for rule in (DELETION_RULES | BY_NAME).values())


def test_resources_kept_after_deletion_are_in_an_output(any_template: Document) -> None:
    """Except what is in the user pool that is listed: the first viewer, and groups."""
    kept = {
        title
        for title, resource in any_template["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
        and not re.match("AWS::Cognito::UserPool.", resource["Type"])
    }
    said = any_template["Outputs"]["KeptAfterDeletion"]["Value"]["Fn::Sub"]
    assert set(re.findall(r"\$\{(\w+)\}", said)) == kept


def test_stateful_resources_have_the_names_that_were_promised(any_template: Document) -> None:
    assert {
        title: resource["Type"]
        for title, resource in any_template["Resources"].items()
        if resource["Type"] in STATEFUL_TYPES or title in STATEFUL
    }.items() <= STATEFUL.items()


def test_every_promised_name_exists(template_of: Any) -> None:
    everything = template_of(
        region="us-east-1", delivery={"access_logs": True}, api={"access_logs": True}
    )
    single = template_of(encoding={"channel_class": "SINGLE_PIPELINE"})
    others = [
        document(assemble(load(STREAMS[name])))
        for name in (
            "supplied",
            "newsroom",
            "kms",
            "formats",
            "srt-listener",
            "flood",
            "native-players",
            "hardened",
            "weekly-show",
            "alarms",
        )
    ]
    there = everything["Resources"].keys() | single["Resources"].keys()
    there |= {title for other in others for title in other["Resources"]}
    assert STATEFUL.keys() <= there


def test_no_secret_reaches_an_output(any_template: Document) -> None:
    """Anyone who may describe the stack sees the outputs."""
    secrets = {
        name for name, parameter in any_template["Parameters"].items() if parameter.get("NoEcho")
    }
    stack = Stack(template=any_template)
    for output in any_template["Outputs"].values():
        value = stack.value(output["Value"])
        assert not any(f"parameter-{name}" in value for name in secrets)


def test_every_parameter_has_a_label_a_group_and_a_check(any_template: Document) -> None:
    interface = any_template["Metadata"]["AWS::CloudFormation::Interface"]
    parameters = any_template["Parameters"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert grouped == list(parameters)
    assert interface["ParameterLabels"].keys() == parameters.keys()
    for parameter in parameters.values():
        if "AllowedValues" in parameter:
            assert parameter["Default"] in parameter["AllowedValues"]
            continue
        assert parameter["AllowedPattern"].startswith("^")
        assert parameter["AllowedPattern"].endswith("$")
        assert parameter["ConstraintDescription"].startswith("must be ")


def test_tags_are_on_everything_that_takes_them(template_of: Any) -> None:
    template = template_of(
        tags={"team": "video"}, region="us-east-1", delivery={"access_logs": True}
    )
    for title, resource in template["Resources"].items():
        name = _tag_property(resource["Type"])
        if name:
            tags = resource["Properties"][name]
            stated = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
            assert stated["team"] == "video", title
            assert stated.keys() - {"team"} <= {"guarded-by"}, title


def _tag_property(resource_type: str) -> str | None:
    """The property that takes tags; found by its name where the schema does not say."""
    if is_custom(resource_type):
        return None
    schema = schema_of(resource_type, "us-east-1")
    tagging = schema.get("tagging")
    if not tagging:
        return "Tags" if "Tags" in schema.get("properties", {}) else None
    return str(tagging["tagProperty"]).removeprefix("/properties/") if tagging["taggable"] else None


def test_the_template_identifies_its_generator_and_stream(any_template: Document) -> None:
    assert set(any_template["Metadata"]["Generator"]) == {"Version", "Stream", "Name"}


def _size(template: Document) -> int:
    text = json.dumps(template, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode())


def _stars(template: Document) -> Iterator[Star]:
    """The statements with a "*", and the resources that have them."""
    for title, resource in template["Resources"].items():
        for statement in _statements(resource.get("Properties", {})):
            actions = statement["Action"]
            if any(action.endswith("*") for action in actions) or "*" in (
                statement.get("Principal"),
                *statement.get("Resource", ()),
            ):
                denied = "Deny " if statement["Effect"] == "Deny" else ""
                yield Star(title, frozenset(denied + action for action in actions))


def _statements(value: Any) -> Iterator[Document]:
    """All policy statements in the value."""
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for inner in value.values():
            yield from _statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _statements(inner)


@pytest.mark.parametrize("name", STREAMS)
def test_its_overview_is_the_reviewed_one(name: str) -> None:
    """`make expected` regenerates the pages."""
    expected = (EXPECTED / f"{name}.txt").read_text()
    assert resource_overview(document(assemble(load(STREAMS[name])))) == expected
