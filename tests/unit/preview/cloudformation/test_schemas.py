"""Properties are validated against CloudFormation's schemas, as CloudFormation does it."""

from typing import Any

import pytest

from preview.cloudformation.schemas import ref_property, violations
from preview.errors import Rejected

POOL_CLIENT = {"UserPoolId": "us-east-1_abc"}


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("AWS::Cognito::UserPoolClient", {}, "'UserPoolId' is a required property"),
        ("AWS::Cognito::UserPoolClient", {**POOL_CLIENT, "Nope": 1}, "'Nope' was unexpected"),
        ("AWS::Cognito::UserPoolClient", {**POOL_CLIENT, "ClientId": "x"}, "ClientId is read-only"),
        ("AWS::S3::Bucket", {"Arn": "arn:aws:s3:::x"}, "Arn is read-only"),
        ("AWS::Lambda::EventInvokeConfig", {"FunctionName": "a b", "Qualifier": "1"}, "match"),
        ("AWS::Cognito::UserPoolClient", POOL_CLIENT, None),
        ("AWS::MediaPackageV2::Channel", {"ChannelName": "c", "ChannelGroupName": "g",
                                          "InputType": "MP4"}, "is not one of"),
        ("AWS::Logs::LogGroup", {"RetentionInDays": "soon"}, "RetentionInDays"),
        ("AWS::Lambda::EventInvokeConfig", {"FunctionName": "f", "Qualifier": "1",
                                            "MaximumRetryAttempts": "3"}, "maximum"),
        ("Custom::Thing", {}, "ServiceToken is missing"),
    ],
)  # fmt: skip
def test_schema_violations_are_reported(
    kind: str, properties: dict[str, Any], words: str | None
) -> None:
    found = "; ".join(violations(kind, properties, "us-east-1"))
    assert (found == "") if words is None else (words in found)


def test_numbers_and_booleans_may_be_strings() -> None:
    assert violations("AWS::Logs::LogGroup", {"RetentionInDays": "30"}, "us-east-1") == []
    client = {**POOL_CLIENT, "GenerateSecret": "false", "RefreshTokenValidity": "24"}
    assert violations("AWS::Cognito::UserPoolClient", client, "us-east-1") == []


def test_the_message_for_a_long_value_has_its_beginning_and_the_reason() -> None:
    (found,) = violations("AWS::SecretsManager::Secret", {"Name": "abc" * 200}, "us-east-1")
    assert found.startswith("Name: 'abcabc")
    assert found.endswith("abc' is too long")
    assert len(found) < 330


def test_an_unknown_type_is_rejected() -> None:
    with pytest.raises(Rejected, match="AWS::S3::Buckett"):
        violations("AWS::S3::Buckett", {}, "us-east-1")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("AWS::CloudFront::Distribution", "Id"),
        ("AWS::ApiGateway::Stage", "StageName"),
        ("AWS::Cognito::UserPoolClient", "ClientId"),
        ("AWS::Lambda::EventInvokeConfig", None),
    ],
)
def test_ref_returns_the_identifier(kind: str, name: str | None) -> None:
    assert ref_property(kind, "us-east-1") == name
