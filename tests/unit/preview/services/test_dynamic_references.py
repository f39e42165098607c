"""Dynamic references to secrets: where the preview knows them, and their values."""

from typing import Any

import pytest

from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.dynamic_references import check_dynamic_references, resolved

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-abcdef"
WHOLE = f"{{{{resolve:secretsmanager:{ARN}}}}}"
KEY = f"{{{{resolve:secretsmanager:{ARN}:SecretString:key}}}}"


def distribution(value: str, **others: str) -> Resource:
    header = {"HeaderName": "X-Secret", "HeaderValue": value}
    config: dict[str, Any] = {"Origins": [{"OriginCustomHeaders": [header]}], **others}
    return Resource(
        logical_id="Distribution",
        type="AWS::CloudFront::Distribution",
        properties={"DistributionConfig": config},
    )


@pytest.mark.parametrize("value", [WHOLE, KEY, "no reference"])
def test_a_header_of_an_origin_may_have_one(value: str) -> None:
    check_dynamic_references(distribution(value))


@pytest.mark.parametrize(
    "resource",
    [
        distribution("x", Comment=WHOLE),
        distribution("{{resolve:ssm:/name}}"),
        distribution(f"a{WHOLE}"),
        Resource(logical_id="Pool", type="AWS::Cognito::UserPool", properties={"Name": [WHOLE]}),
    ],
    ids=["another property", "another service", "within a text", "another type"],
)
def test_others_are_not_supported(resource: Resource) -> None:
    """They would be taken as the value."""
    with pytest.raises(NotSupported, match="the preview does not support the dynamic reference"):
        check_dynamic_references(resource)


def test_the_value_is_the_text_or_that_of_a_key() -> None:
    secrets = {ARN: '{"key": "value"}'}
    assert resolved({"a": [WHOLE, KEY, 1]}, secrets.__getitem__) == {
        "a": ['{"key": "value"}', "value", 1]
    }


@pytest.mark.parametrize("text", ["no JSON", "{}", "[]"])
def test_a_key_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="JSONKey key"):
        resolved(KEY, lambda _: text)
