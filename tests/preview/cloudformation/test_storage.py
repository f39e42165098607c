"""A secret whose value stands in the template: CloudFormation writes it when the property changes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

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
    """A secret for a pasted key, as the variants of the template that take one have it."""
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


def test_an_update_of_the_property_overwrites_whatever_is_there(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    arn = stack.account.resources.by_logical_id["PrivateKey"].ref
    put_by_hand(stack)
    stack.deploy(template(), {"PrivateKeyString": OTHER_KEY})
    assert value(stack) == OTHER_KEY
    assert value(stack, "AWSPREVIOUS") == "by hand"
    assert stack.account.resources.by_logical_id["PrivateKey"].ref == arn


def test_an_update_of_all_else_leaves_the_value_alone(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    put_by_hand(stack)
    stack.deploy(template(Description="the viewers' key"), {"PrivateKeyString": KEY})
    assert value(stack) == "by hand"


def test_an_update_that_is_refused_brings_the_value_back(stack: Stack) -> None:
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


def test_another_name_makes_another_secret(stack: Stack) -> None:
    stack.deploy(template(), {"PrivateKeyString": KEY})
    stack.deploy(template(), {"PrivateKeyString": KEY, "SecretName": "live/private-key"})
    (left,) = stack.account.client("secretsmanager").list_secrets()["SecretList"]
    assert left["Name"] == "live/private-key"
    assert value(stack) == KEY


def test_what_boto3_does_not_send_is_refused_too(stack: Stack) -> None:
    with pytest.raises(Rejected, match=r"(?s)PrivateKey: .*Invalid length for parameter Name"):
        stack.deploy(template(Name=""), {"PrivateKeyString": KEY})
