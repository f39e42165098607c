"""Alarms of a deployed stack: which ring, and whether anybody hears them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from protected_stream.operator.aws_errors import explained
from protected_stream.operator.deployed_stack import DeployedStack

TOPIC = "AWS::SNS::Topic"
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
PENDING = "PendingConfirmation"
"""In place of the ARN. Source: Amazon SNS API Reference, Subscribe."""
MOST_NAMES = 100
"""Source: Amazon CloudWatch API Reference, DescribeAlarms, AlarmNames."""


def alarms(stack: DeployedStack) -> dict[str, Any] | None:
    """Who hears the alarms, and which ring; None if the stack has none.

    An alarm that a composite alarm reports is listed only while that one rings.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    topics = [arn for arn in stack.of_type(TOPIC).values() if arn]
    if not topics:
        return None
    subscriptions = list(_subscriptions(stack, topics[0]))
    titles = {name: title for kind in ALARMS for title, name in stack.of_type(kind).items() if name}
    return {
        "confirmed": sum(one["SubscriptionArn"] != PENDING for one in subscriptions),
        "pending": [one["Endpoint"] for one in subscriptions if one["SubscriptionArn"] == PENDING],
        "ringing": [
            {"name": titles[one["AlarmName"]], "text": one.get("AlarmDescription", "")}
            for one in _reported(list(_ringing(stack, sorted(titles))))
        ],
    }


def _subscriptions(stack: DeployedStack, topic: str) -> Iterator[Mapping[str, Any]]:
    pages = stack.connection.client("sns").get_paginator("list_subscriptions_by_topic")
    with explained("list who hears of alarms"):
        for page in pages.paginate(TopicArn=topic):
            yield from page["Subscriptions"]


def _ringing(stack: DeployedStack, names: list[str]) -> Iterator[Mapping[str, Any]]:
    """Those of these alarms that are in the state ALARM."""
    pages = stack.connection.client("cloudwatch").get_paginator("describe_alarms")
    for first in range(0, len(names), MOST_NAMES):
        asked = names[first : first + MOST_NAMES]
        with explained("describe the alarms"):
            for page in pages.paginate(
                AlarmNames=asked, AlarmTypes=["CompositeAlarm", "MetricAlarm"], StateValue="ALARM"
            ):
                yield from page.get("CompositeAlarms", ())
                yield from page.get("MetricAlarms", ())


def _reported(ringing: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Those that report, and those that a reporting one is made of."""
    listed = tuple(ringing)
    rules = [one.get("AlarmRule", "") for one in listed]
    parts = {name for rule in rules for name in re.findall(r'ALARM\("([^"]+)"\)', rule)}
    for one in listed:
        if one.get("AlarmActions") or one["AlarmName"] in parts:
            yield one


def rows(found: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """The same in lines for people."""
    if found is None:
        return
    for address in found["pending"]:
        yield (
            "alarms",
            f"{address} has not confirmed yet, by the link in AWS's mail, and hears of none",
        )
    if not found["confirmed"] and not found["pending"]:
        yield "alarms", "nobody is subscribed: deploy again with AlarmEmail"
    for one in found["ringing"]:
        yield "alarm", f"{one['name']}: {one['text']}"
    if not found["ringing"]:
        yield "alarms", "none rings"
