"""Secrets Manager secret with a value in the template: updated when the property changes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from tests.preview.signer import VECTORS

KEY = (VECTORS / "test-only-rsa-2048.pem").read_text("utf-8")
OTHER_KEY = (VECTORS / "test-only-ecdsa-p256.pem").read_text("utf-8")


@pytest.fixture
def stack() -> Iterator[Stack]:
    with Account() as account:
        yield Stack(account=account)


def template(**changed: Any) -> dict[str, Any]:
    """A secret for a pasted key, as in the template variants with PrivateKeyString."""
    text = {"Type": "String"}
    return {
        "Parameters": {
            "PrivateKeyString": {**text, "NoEcho": True},
            "SecretName": {**text, "Default": ""},
        },
        "Conditions": {"Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "SecretName"}, ""]}]}},
        "Resources": {
            "PrivateKey": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {
                    "Name": {"Fn::If": ["Named", {"Ref": "SecretName"}, {"Ref": "AWS::NoValue"}]},
                    "SecretString": {"Ref": "PrivateKeyString"},
                    **changed,
                },
            }
        },
    }


def value(stack: Stack, stage: str = "AWSCURRENT") -> str:
    answer = stack.account.client("secretsmanager").get_secret_value(
        SecretId=stack.account.resources.by_logical_id["PrivateKey"].ref, VersionStage=stage
    )
    return str(answer["SecretString"])


def put_by_hand(stack: Stack) -> None:
    stack.account.client("secretsmanager").put_secret_value(
        SecretId=stack.account.resources.by_logical_id["PrivateKey"].ref, SecretString="by hand"
    )


def test_the_pasted_key_is_its_value(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    assert value(stack) == KEY


def test_an_update_of_the_property_overwrites_a_value_put_by_hand(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    arn = stack.account.resources.by_logical_id["PrivateKey"].ref
    put_by_hand(stack)
    stack.deploy(template(), {"PrivateKeyString": OTHER_KEY})
    assert value(stack) == OTHER_KEY
    assert value(stack, "AWSPREVIOUS") == "by hand"
    assert stack.account.resources.by_logical_id["PrivateKey"].ref == arn


def test_an_update_of_other_properties_keeps_the_value(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    put_by_hand(stack)
    stack.deploy(template(Description="the viewers' key"), {"PrivateKeyString": KEY})
    assert value(stack) == "by hand"


def test_a_failed_update_restores_the_value(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    bad = template()
    bad["Resources"]["Late"] = {
        "Type": "AWS::S3::Bucket",
        "DependsOn": "PrivateKey",
        "Properties": {"BucketName": "NO"},
    }
    with pytest.raises(Rejected, match="Late"):
        stack.deploy(bad, {"PrivateKeyString": OTHER_KEY})
    assert value(stack) == KEY
    assert value(stack, "AWSPREVIOUS") == OTHER_KEY


def test_another_name_creates_another_secret(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    stack.deploy(template(), {"PrivateKeyString": KEY, "SecretName": "live/private-key"})
    (left,) = stack.account.client("secretsmanager").list_secrets()["SecretList"]
    assert left["Name"] == "live/private-key"
    assert value(stack) == KEY


def test_boto3_validation_errors_are_rejections(stack: Stack) -> None:
    with pytest.raises(Rejected, match=r"(?s)PrivateKey: .*Invalid length for parameter Name"):
        stack.deploy(template(Name=""), {"PrivateKeyString": KEY})


def generated(length: int, **metadata: str) -> dict[str, Any]:
    """A template with a secret whose value Secrets Manager makes."""
    settings = {"PasswordLength": length, "ExcludePunctuation": True}
    secret = {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {"GenerateSecretString": settings, **metadata},
    }
    return {"Resources": {"PrivateKey": secret}}


def test_a_generated_value_is_random_and_kept_until_its_definition_changes(stack: Stack) -> None:
    stack.deploy(generated(32), {})
    first = value(stack)
    assert re.fullmatch("[A-Za-z0-9]{32}", first)
    stack.deploy(generated(32, Description="changed"), {})
    assert value(stack) == first
    stack.deploy(generated(40), {})
    assert re.fullmatch("[A-Za-z0-9]{40}", value(stack))
