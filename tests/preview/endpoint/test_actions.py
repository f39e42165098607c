"""The endpoint answers what its callers call, and nothing else."""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from preview.endpoint.actions import ACTIONS
from tests.conftest import CHECKOUT
from tests.preview.endpoint.callers import COMMANDS, DOCS, OTHER_STREAMS, README, pairs
from tests.preview.endpoint.serving import Given, aws_endpoint

IAM_ACTIONS = {("s3", "HeadObject"): "s3:GetObject", ("s3", "ListObjectsV2"): "s3:ListBucket"}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""


@pytest.fixture(scope="module")
def call() -> Iterator[Given]:
    with aws_endpoint() as given:
        yield given


def test_the_table_has_the_actions_that_are_called_and_no_others() -> None:
    table = {(service, action) for service, actions in ACTIONS.items() for action in actions}
    assert table == pairs(README, DOCS, COMMANDS, OTHER_STREAMS)


def test_the_services_have_these_actions() -> None:
    session = get_session()
    unknown = [
        (service, action)
        for service, action in pairs(ACTIONS)
        if action not in session.get_service_model(service).operation_names
    ]
    assert unknown == []


def test_the_deployer_may_call_what_the_readme_s_lines_call() -> None:
    policy = json.loads((CHECKOUT / "docs" / "deployer-policy.json").read_text("utf-8"))
    allowed = [action for one in policy["Statement"] for action in one["Action"]]
    called = {IAM_ACTIONS.get(one, ":".join(one)) for one in pairs(README)}
    assert [one for one in called if not any(fnmatch(one, pattern) for pattern in allowed)] == []


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("cloudformation", "list_stacks", {}, "InvalidAction"),  # query
        ("sns", "list_topics", {}, "InvalidAction"),  # query, an unknown service
        ("cloudfront", "list_distributions", {}, "InvalidAction"),  # rest-xml
        ("s3", "list_multipart_uploads", {"Bucket": "one"}, "NotImplemented"),
        ("route53", "list_hosted_zones", {}, "InvalidAction"),  # rest-xml, an unknown service
        ("medialive", "list_offerings", {}, "UnknownOperationException"),  # rest-json
        ("iot", "list_things", {}, "UnknownOperationException"),  # rest-json, an unknown service
        ("kms", "list_keys", {}, "UnknownOperationException"),  # json
        ("ecs", "list_clusters", {}, "UnknownOperationException"),  # json, an unknown service
        ("cloudwatch", "list_dashboards", {}, "UnknownOperationException"),
    ],
)
def test_another_action_gets_the_service_s_error(
    call: Given, service: str, operation: str, parameters: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(call.client(service), operation)(**parameters)
    error = refused.value.response["Error"]
    assert error["Code"] == code
    assert "The preview does not answer" in error["Message"]
    assert refused.value.response["ResponseMetadata"].get("RetryAttempts", 0) == 0


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("sts", "get_caller_identity", {}, "MissingAuthenticationToken"),
        (
            "medialive",
            "describe_channel",
            {"ChannelId": "1"},
            "MissingAuthenticationTokenException",
        ),
        (
            "secretsmanager",
            "describe_secret",
            {"SecretId": "one"},
            "MissingAuthenticationTokenException",
        ),
    ],
)
def test_without_an_access_key_nothing_is_answered(
    call: Given, service: str, operation: str, parameters: dict[str, Any], code: str
) -> None:
    client = call.client(service)
    client.meta.events.register(f"before-send.{service}", _without_key)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**parameters)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def _without_key(request: Any, **_: object) -> None:
    said = request.headers["Authorization"].decode()
    request.headers["Authorization"] = said.replace("AKIAPREVIEW000000000", "")


def test_a_request_that_is_not_signed_is_refused(call: Given) -> None:
    with pytest.raises(OSError, match="403"):
        urlopen(Request(f"{call.url}/code-of-the-functions"))  # noqa: S310 - this machine's


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("cloudformation", "describe_stacks", {}, "SignatureDoesNotMatch"),
        ("medialive", "describe_channel", {"ChannelId": "1"}, "InvalidSignatureException"),
    ],
)
def test_a_client_in_another_region_is_told_so(
    call: Given, service: str, operation: str, parameters: dict[str, Any], code: str
) -> None:
    elsewhere = call._replace(env={**call.env, "AWS_REGION": "eu-west-1"})
    with pytest.raises(ClientError, match="the preview's account is in us-east-1") as refused:
        getattr(elsewhere.client(service), operation)(**parameters)
    assert refused.value.response["Error"]["Code"] == code
    assert call.client("sts").get_caller_identity()


def test_flat_rate_plans_are_listed_in_one_region_for_all() -> None:
    with aws_endpoint(region="eu-west-1") as call:
        client = call._replace(env={**call.env, "AWS_REGION": "us-east-1"}).client(
            "pricing-plan-manager"
        )
        assert client.list_subscriptions()["subscriptionSummaries"] == []
