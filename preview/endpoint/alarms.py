"""CloudWatch alarms and SNS subscriptions of the stack.

Source: Amazon CloudWatch API Reference, DescribeAlarms; Amazon SNS API Reference,
ListSubscriptionsByTopic.
"""

from collections.abc import Mapping
from typing import Any

from preview.endpoint.desk import Desk
from preview.resource import Resource
from preview.services.alarms import ALARM, COMPOSITE
from preview.services.aws.aws_error import AwsError

SUBSCRIPTION = "AWS::SNS::Subscription"
PENDING = "PendingConfirmation"
LISTS = {"CompositeAlarms": COMPOSITE, "MetricAlarms": ALARM}
SHOWN = ("AlarmActions", "AlarmDescription", "AlarmRule", "MetricName", "Namespace")


def describe_alarms(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The stack's alarms of these names, in this state."""
    return {
        key: [
            _alarm(desk, one)
            for one in desk.account.resources.of_type(kind)
            if one.ref in asked["AlarmNames"] and _state(desk, one) == asked["StateValue"]
        ]
        for key, kind in LISTS.items()
        if key.removesuffix("s") in asked["AlarmTypes"]
    }


def _state(desk: Desk, alarm: Resource) -> str:
    return desk.account.alarms.states.get(alarm.ref, "INSUFFICIENT_DATA")


def _alarm(desk: Desk, alarm: Resource) -> dict[str, Any]:
    shown = {name: alarm.properties[name] for name in SHOWN if name in alarm.properties}
    return {
        **shown,
        "AlarmName": alarm.ref,
        "AlarmArn": alarm.attributes["Arn"],
        "StateValue": _state(desk, alarm),
    }


def list_subscriptions_by_topic(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a topic of the stack; one that is not confirmed has no ARN yet."""
    account = desk.account
    if not account.notifications.is_topic(asked["TopicArn"]):
        raise AwsError("NotFound", "Topic does not exist")
    return {
        "Subscriptions": [
            {
                "Endpoint": one.properties["Endpoint"],
                "Owner": account.stack.account_id,
                "Protocol": one.properties["Protocol"],
                "SubscriptionArn": (
                    one.ref if one.ref in account.notifications.confirmed else PENDING
                ),
                "TopicArn": asked["TopicArn"],
            }
            for one in account.resources.of_type(SUBSCRIPTION)
            if one.properties["TopicArn"] == asked["TopicArn"]
        ]
    }
