"""A key of the stack's own: what uses it, and who may use it; versions, events and concurrency."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Document, of_type

KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
PROPERTIES = {
    "AWS::Lambda::Function": "KmsKeyArn",
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
}


@pytest.fixture(scope="module", params=["managed", "supplied", "kms"])
def encrypted(request: pytest.FixtureRequest, template_of: Callable[..., Document]) -> Document:
    """A stream of each signing mode, with as much to encrypt as possible."""
    keys = {"public_keys": ["examples/keys/test-only-rsa-2048.pub.pem"]}
    mode = request.param
    return template_of(
        region="us-east-1",
        ingest={"type": "srt-listener", "encryption": "AES256"},
        signing={"mode": mode, **(keys if mode == "supplied" else {})},
        delivery={"access_logs": True},
        api={"access_logs": True, "execution_logs": "errors", "direct_address": "closed"},
        encryption={"key": "customer-managed"},
    )


def statements(template: Document, key: str = "DataKey") -> dict[str, Any]:
    policy = template["Resources"][key]["Properties"]["KeyPolicy"]
    return {one["Sid"]: one for one in policy["Statement"]}


def test_everything_that_stores_data_uses_the_key(encrypted: Document) -> None:
    for kind, name in PROPERTIES.items():
        found = of_type(encrypted, kind)
        assert found
        assert {title for title, one in found.items() if one.get(name) != KEY} == set()
    for bucket in of_type(encrypted, "AWS::S3::Bucket").values():
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["BucketKeyEnabled"] is True
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
    assert encrypted["Resources"]["DataKey"]["Properties"]["EnableKeyRotation"] is True


def test_the_account_uses_the_key_through_services_only(encrypted: Document) -> None:
    """Nobody decrypts directly, and everybody else is a service with a narrow condition."""
    found = statements(encrypted)
    assert found.keys() == {
        *("Administration", "OnlyThroughServices", "Logs", "CloudFront", "LogDelivery"),
        "GrantsForServicesOnly",
    }
    uses = {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:*"}
    assert not uses & {*found["Administration"]["Action"]}
    for sid, one in found.items():
        assert ("Condition" in one) == (sid != "Administration"), sid


def test_grants_are_for_services_only(encrypted: Document) -> None:
    for title in of_type(encrypted, "AWS::KMS::Key"):
        deny = statements(encrypted, title)["GrantsForServicesOnly"]
        assert (deny["Effect"], deny["Action"], deny["Principal"]) == (
            *("Deny", ["kms:CreateGrant"]),
            "*",
        )


def _allowed(template: Document) -> Iterator[tuple[str, set[str], Document]]:
    """Actions of roles, with the whole statement."""
    for title, role in of_type(template, "AWS::IAM::Role").items():
        for policy in role["Policies"]:
            for one in policy["PolicyDocument"]["Statement"]:
                yield title, {*one["Action"]}, one


def test_who_reads_a_secret_uses_the_key_through_secrets_manager(encrypted: Document) -> None:
    reads = {
        title
        for title, actions, _ in _allowed(encrypted)
        if actions & {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"}
    }
    may = {title: one for title, _, one in _allowed(encrypted) if one["Resource"] == [KEY]}
    assert may.keys() == reads
    for one in may.values():
        assert {*one["Action"]} <= {"kms:Decrypt", "kms:GenerateDataKey"}
        host = {"Fn::Sub": "secretsmanager.${AWS::Region}.amazonaws.com"}
        assert one["Condition"] == {"StringEquals": {"kms:ViaService": host}}


def test_buckets_keep_versions_for_a_while_and_send_events(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(
        region="us-east-1",
        delivery={"access_logs": True},
        buckets={"former_version_days": 90, "events": True},
    )
    buckets = of_type(template, "AWS::S3::Bucket")
    assert buckets.keys() == {"PageBucket", "AccessLogBucket"}
    for one in buckets.values():
        rules = {rule["Id"]: rule for rule in one["LifecycleConfiguration"]["Rules"]}
        assert one["VersioningConfiguration"] == {"Status": "Enabled"}
        assert rules["FormerVersions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
        assert one["NotificationConfiguration"] == {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
        }


def test_concurrency_is_reserved_for_every_function(template_of: Callable[..., Document]) -> None:
    template = template_of(functions={"reserved_concurrency": 50})
    reserved = {
        title: one["ReservedConcurrentExecutions"]
        for title, one in of_type(template, "AWS::Lambda::Function").items()
    }
    assert reserved.pop("CookiesFunction") == 50
    assert {*reserved.values()} == {2}
