"""CloudWatch alarms and dashboards, metric filters, and SNS topics: what AWS would reject.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

import json
from typing import Any

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.alarm_rules import names_in, rings
from preview.services.alarms import ALARM, COMPARISONS, COMPOSITE, STATISTICS
from preview.services.aws.policies import check_resource_policy
from preview.services.log_patterns import pattern
from preview.services.metric_math import operands

DAY = 86_400
SHORTEST_PERIOD = 60
"""Of metrics that are not stored in high resolution."""
LONGEST_DESCRIPTION, LONGEST_RULE, MOST_ACTIONS = 1_024, 10_240, 5
COLUMNS = 24
WIDGETS = {"alarm", "metric", "text"}


def _check_alarm(_: Account, alarm: Resource) -> None:
    stated = alarm.properties
    _check_common(alarm)
    has_math, has_metric = "Metrics" in stated, "MetricName" in stated
    statistics = {"Statistic", "ExtendedStatistic"} & stated.keys()
    wrong = (
        has_math == has_metric
        or (has_metric and len(statistics) != 1)
        or stated.get("DatapointsToAlarm", 1) > stated["EvaluationPeriods"]
        or stated.get("Period", SHORTEST_PERIOD) % SHORTEST_PERIOD
        or stated.get("Period", SHORTEST_PERIOD) * stated["EvaluationPeriods"] > DAY
    )
    if wrong:
        raise Rejected(f"{alarm.logical_id}: ValidationError: the metric or its periods are wrong.")
    known = stated["ComparisonOperator"] in COMPARISONS and (
        stated.get("Statistic", "Sum") in STATISTICS
    )
    if stated.get("TreatMissingData") == "ignore" and stated["EvaluationPeriods"] > 1:
        known = False
    if not known:
        raise NotSupported(f"{alarm.logical_id}: the preview does not support its comparison.")
    operands(stated)


def _check_common(alarm: Resource) -> None:
    if len(alarm.properties.get("AlarmDescription", "")) > LONGEST_DESCRIPTION:
        raise Rejected(f"{alarm.logical_id}: ValidationError: the description is too long.")
    if len(alarm.properties.get("AlarmActions", ())) > MOST_ACTIONS:
        raise Rejected(f"{alarm.logical_id}: ValidationError: too many actions.")


def _check_composite(account: Account, alarm: Resource) -> None:
    """A rule may name only alarms that exist.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    """
    _check_common(alarm)
    rule = alarm.properties["AlarmRule"]
    if not 0 < len(rule) <= LONGEST_RULE:
        raise Rejected(f"{alarm.logical_id}: ValidationError: the rule's length is {len(rule)}.")
    there = {one.ref for kind in (ALARM, COMPOSITE) for one in account.resources.of_type(kind)}
    if missing := sorted(names_in(rule) - there):
        raise Rejected(f"{alarm.logical_id}: ValidationError: there is no alarm {missing[0]}.")
    rings(rule, lambda *_: False)
    periods = {"ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"}
    if "ActionsSuppressor" in alarm.properties and not periods <= alarm.properties.keys():
        raise Rejected(f"{alarm.logical_id}: ValidationError: a suppressor needs its periods.")


def _forget(account: Account, alarm: Resource) -> None:
    account.alarms.states.pop(alarm.ref, None)


def _check_filter(_: Account, resource: Resource) -> None:
    pattern(resource.properties["FilterPattern"])


def _check_policy(_: Account, policy: Resource) -> None:
    check_resource_policy(policy.properties["PolicyDocument"])


def _check_dashboard(_: Account, dashboard: Resource) -> None:
    """Checks the form of the body.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    """
    try:
        widgets = json.loads(dashboard.properties["DashboardBody"])["widgets"]
    except (ValueError, KeyError):
        raise Rejected(f"{dashboard.logical_id}: InvalidParameterInput: not a body.") from None
    if not all(_is_widget(one) for one in widgets):
        raise Rejected(f"{dashboard.logical_id}: InvalidParameterInput: a widget is wrong.")


def _is_widget(widget: Any) -> bool:
    shown = {"alarm": "alarms", "metric": "metrics", "text": "markdown"}
    return (
        widget["type"] in WIDGETS
        and widget["x"] + widget["width"] <= COLUMNS
        and bool(widget["properties"].get(shown[widget["type"]]))
        and ("region" in widget["properties"]) >= (widget["type"] == "metric")
    )


def _checked(check: Any, **more: Any) -> Provider:
    return Provider(create=check, update=lambda account, _, new: check(account, new), **more)


METRIC_ALARM = _checked(_check_alarm, delete=_forget)
COMPOSITE_ALARM = _checked(_check_composite, delete=_forget)
METRIC_FILTER = _checked(_check_filter)
TOPIC_POLICY = _checked(_check_policy)
DASHBOARD = _checked(_check_dashboard)
