"""What the other services answer about a stack that a client has deployed."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import STREAMS, Document
from tests.preview.endpoint.serving import Given, aws_endpoint
from tests.preview.endpoint.test_boto3 import Client, refusal
from tests.preview.operator import ENCODER, template_in

ANN = "ann@example.com"


class Deployed(NamedTuple):
    """A stack and its clients."""

    call: Given
    template: Document
    ids: dict[str, str]
    """Physical IDs by logical ID."""
    outputs: dict[str, str]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("kms")
    build(load(STREAMS["kms"]), folder, lambda _: None)
    template = template_in(folder)
    with aws_endpoint() as call:
        client = Client(call)
        client.propose(template, ChangeSetType="CREATE")
        client.execute("stack_create_complete")
        resources = client.cloudformation.list_stack_resources(StackName="live")
        yield Deployed(
            call,
            template,
            {
                one["LogicalResourceId"]: one["PhysicalResourceId"]
                for one in resources["StackResourceSummaries"]
            },
            {one["OutputKey"]: one["OutputValue"] for one in client.stack()["Outputs"]},
        )


def test_a_channel_is_started_watched_and_stopped(stack: Deployed) -> None:
    api, channel = stack.call.client("medialive"), stack.ids["Channel"]
    assert api.start_channel(ChannelId=channel)["State"] == "STARTING"
    assert refusal(api.start_channel, ChannelId=channel).startswith("ConflictException")
    api.get_waiter("channel_running").wait(ChannelId=channel, WaiterConfig={"Delay": 1})
    described = api.describe_channel(ChannelId=channel)
    assert described["PipelinesRunningCount"] == 2
    assert described["EncoderSettings"]["VideoDescriptions"]
    assert len(api.list_alerts(ChannelId=channel)["Alerts"]) == 2
    places = api.describe_input(InputId=stack.ids["EncoderInput"])["Destinations"]
    for place in places:
        stack.call.account.media.send(place["Url"], ENCODER)
    assert api.list_alerts(ChannelId=channel)["Alerts"] == []
    api.stop_channel(ChannelId=channel)
    api.get_waiter("channel_stopped").wait(ChannelId=channel, WaiterConfig={"Delay": 1})
    assert refusal(api.describe_channel, ChannelId="1").startswith("NotFoundException")


def test_the_distribution_s_settings_are_shown(stack: Deployed) -> None:
    api, distribution = stack.call.client("cloudfront"), stack.ids["Distribution"]
    config = stack.template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    shown = api.get_distribution_config(Id=distribution)["DistributionConfig"]
    assert shown["Origins"]["Quantity"] == len(config["Origins"])
    assert shown["CacheBehaviors"]["Quantity"] == len(config["CacheBehaviors"])
    groups = {
        group
        for one in shown["CacheBehaviors"]["Items"]
        for group in one.get("TrustedKeyGroups", {}).get("Items", [])
    }
    assert groups == {stack.outputs["KeyGroupId"]}
    assert api.get_key_group(Id=stack.outputs["KeyGroupId"])["KeyGroup"]["KeyGroupConfig"]["Items"]


def test_a_function_is_invoked_and_its_lines_are_in_the_log(stack: Deployed) -> None:
    api, name = stack.call.client("lambda"), stack.ids["CookiesByKmsFunction"]
    claims = {"token_use": "access", "client_id": stack.outputs["UserPoolClientId"]}
    event = {
        "httpMethod": "GET",
        "path": "/cookies",
        "requestContext": {"authorizer": {"claims": claims}},
    }
    answer = api.invoke(FunctionName=name, Payload=json.dumps(event))
    assert json.load(answer["Payload"])["statusCode"] == 200
    failed = api.invoke(FunctionName=name, Payload=b"{}")
    assert failed["FunctionError"] == "Unhandled"
    assert "KeyError" in json.load(failed["Payload"])["errorMessage"]
    said = refusal(api.invoke, FunctionName="nobody", Payload=b"{}")
    assert said.startswith("ResourceNotFoundException")
    logs = stack.call.client("logs")
    assert logs.filter_log_events(logGroupName=stack.ids["CookiesByKmsFunctionLog"])["events"]


def test_viewers_are_invited_by_mail_and_disabled(stack: Deployed) -> None:
    api, mailbox = stack.call.client("cognito-idp"), stack.call.account.mailbox
    ann = {"UserPoolId": stack.outputs["UserPoolId"], "Username": ANN}
    api.admin_create_user(**ann, MessageAction="SUPPRESS")
    assert ANN not in mailbox
    api.admin_create_user(**ann, MessageAction="RESEND")
    assert mailbox[ANN]
    assert refusal(api.admin_create_user, **ann).startswith("UsernameExistsException")
    api.admin_disable_user(**ann)
    disabled = [
        one for one in api.list_users(UserPoolId=ann["UserPoolId"])["Users"] if not one["Enabled"]
    ]
    assert len(disabled) == 1
