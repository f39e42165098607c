"""Alarms and their subscriptions, as `protected-stream status` asks for them."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.preview.endpoint.serving import aws_endpoint
from tests.preview.operator import PARAMETERS, copy_code, deployed

ADDRESS = "operator@example.com"


def _names(answer: dict[str, Any]) -> list[str]:
    found = [*answer.get("CompositeAlarms", ()), *answer.get("MetricAlarms", ())]
    return [one["AlarmName"] for one in found]


def test_clients_see_who_hears_and_what_rings(built: Path) -> None:
    template = document(assemble(Stream.model_validate({"alarms": {}})))
    with aws_endpoint() as call:
        account = call.account
        copy_code(account, built)
        stack = deployed(account, template, {**PARAMETERS, "AlarmEmail": ADDRESS})
        topic = {"TopicArn": stack.outputs["AlarmTopicArn"]}
        (one,) = call.client("sns").list_subscriptions_by_topic(**topic)["Subscriptions"]
        assert (one["Endpoint"], one["SubscriptionArn"]) == (ADDRESS, "PendingConfirmation")
        (subscription,) = account.resources.of_type("AWS::SNS::Subscription")
        account.notifications.confirmed.add(subscription.ref)
        (one,) = call.client("sns").list_subscriptions_by_topic(**topic)["Subscriptions"]
        assert one["SubscriptionArn"] == subscription.ref
        with pytest.raises(ClientError, match="does not exist"):
            call.client("sns").list_subscriptions_by_topic(TopicArn=f"{topic['TopicArn']}x")
        (guard,) = (
            alarm
            for alarm in account.resources.of_type("AWS::CloudWatch::CompositeAlarm")
            if alarm.logical_id == "AlarmChannelGuardFunction"
        )
        asked = {
            "AlarmNames": [guard.ref],
            "AlarmTypes": ["CompositeAlarm", "MetricAlarm"],
            "StateValue": "ALARM",
        }
        assert _names(call.client("cloudwatch").describe_alarms(**asked)) == []
        account.alarms.states[guard.ref] = "ALARM"
        assert _names(call.client("cloudwatch").describe_alarms(**asked)) == [guard.ref]
