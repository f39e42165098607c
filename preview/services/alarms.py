"""CloudWatch: metrics of functions and of their logs, and the alarms on them.

Each period ends now; AWS aligns periods to the clock, and looks at some points more than an alarm
needs. Metrics of media, CloudFront, API and sign-in have no data here, which their alarms treat as
AWS does.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preview.resource import Resource
from preview.resources import Resources
from preview.services.alarm_rules import rings
from preview.services.aws.role_policies import source_of
from preview.services.clock import Clock
from preview.services.log_patterns import pattern
from preview.services.notifications import Notifications
from preview.services.timers import Timers

CLOUDWATCH = "cloudwatch.amazonaws.com"
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
TIMER = "alarms"
MINUTE = 60
KEPT_SECONDS = 1_800
"""Longer than any alarm here looks back."""
STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": statistics.fmean,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}


@dataclass(frozen=True, kw_only=True)
class _Point:
    metric: tuple[str, str, frozenset[tuple[str, str]]]
    at: float
    value: float


@dataclass(kw_only=True)
class Alarms:
    """The account's metrics, and the states of its alarms."""

    clock: Clock
    resources: Resources
    timers: Timers
    notifications: Notifications
    lost: list[str]
    """Why alarms were not heard."""
    states: dict[str, str] = field(default_factory=dict)
    """OK or ALARM, by the alarm's name; of one that has not been looked at, there is none."""
    _points: list[_Point] = field(default_factory=list)
    _next: float = 0
    """The next minute to look at, in epoch seconds."""
    _waiting: dict[str, float] = field(default_factory=dict)
    """Until when a composite alarm waits for the one that suppresses it, by name."""

    def record(
        self, namespace: str, metric: str, value: float, dimensions: Mapping[str, str]
    ) -> None:
        """Records a value of a metric; the alarms look at it within a minute."""
        if not self.resources.of_type(ALARM):
            return
        key, now = (namespace, metric, frozenset(dimensions.items())), self.clock.now()
        self._points.append(_Point(metric=key, at=now, value=value))
        if self.timers.due(TIMER) is None:
            self._next = now + MINUTE
            self.timers.start(TIMER, MINUTE, self._look)

    def read_log(self, group: str, lines: Sequence[str]) -> None:
        """Counts lines that were written to a log group, as its metric filters say."""
        for one in self.resources.of_type("AWS::Logs::MetricFilter"):
            if one.properties["LogGroupName"] == group:
                matches = pattern(one.properties["FilterPattern"])
                for _ in filter(matches, lines):
                    for made in one.properties["MetricTransformations"]:
                        name, value = made["MetricName"], float(made["MetricValue"])
                        self.record(made["MetricNamespace"], name, value, {})

    def ringing(self) -> list[str]:
        """The logical IDs of the alarms in the state ALARM that report it themselves."""
        return sorted(
            one.logical_id
            for kind in (ALARM, COMPOSITE)
            for one in self.resources.of_type(kind)
            if one.properties.get("AlarmActions") and self._in_state(one.ref, "ALARM")
        )

    def _look(self) -> None:
        """Looks at every alarm for each minute since the last look, while anything may change."""
        while self._next <= self.clock.now():
            self._look_at(self._next)
            self._next += MINUTE
        oldest = self.clock.now() - KEPT_SECONDS
        self._points = [one for one in self._points if one.at > oldest]
        if not self._points:
            self.timers.stop(TIMER)

    def _look_at(self, now: float) -> None:
        for one in self.resources.of_type(ALARM):
            self._is(one, now, rings=self._is_bad(one, now))
        composites = self.resources.of_type(COMPOSITE)
        for one in composites:
            self._is(one, now, rings=rings(one.properties["AlarmRule"], self._in_state))
        for one in composites:
            self._end_waiting(one, now)

    def _in_state(self, name: str, state: str) -> bool:
        return self.states.get(name, "OK") == state

    def _is(self, alarm: Resource, now: float, *, rings: bool) -> None:
        state, before = "ALARM" if rings else "OK", self.states.get(alarm.ref)
        self.states[alarm.ref] = state
        if state == before:
            return
        if state == "OK":
            self._waiting.pop(alarm.ref, None)
        elif "ActionsSuppressor" in alarm.properties:
            seconds = alarm.properties["ActionsSuppressorWaitPeriod"]
            self._waiting[alarm.ref] = now + seconds
        else:
            self._act(alarm)

    def _end_waiting(self, alarm: Resource, now: float) -> None:
        """A composite alarm acts if the one that suppresses it has not rung in time."""
        until = self._waiting.get(alarm.ref)
        if until is None or until > now:
            return
        del self._waiting[alarm.ref]
        suppressor = alarm.properties["ActionsSuppressor"]
        ringing = {
            one.attributes["Arn"]
            for kind in (ALARM, COMPOSITE)
            for one in self.resources.of_type(kind)
            if self._in_state(one.ref, "ALARM")
        }
        if suppressor not in ringing:
            self._act(alarm)

    def _act(self, alarm: Resource) -> None:
        text = f"ALARM: {alarm.logical_id}: {alarm.properties.get('AlarmDescription', '')}"
        for arn in alarm.properties.get("AlarmActions", ()):
            failure = self.notifications.publish(
                arn, text, service=CLOUDWATCH, context=source_of(alarm)
            )
            if failure:
                self.lost.append(f"{alarm.logical_id}: {failure}")

    def _is_bad(self, alarm: Resource, now: float) -> bool:
        stated = alarm.properties
        needed = int(stated.get("DatapointsToAlarm") or stated["EvaluationPeriods"])
        return sum(self._periods(stated, now)) >= needed

    def _periods(self, stated: Mapping[str, Any], now: float) -> Iterator[bool]:
        """Whether each period is bad, from the last one back."""
        compare = COMPARISONS[stated["ComparisonOperator"]]
        for number in range(stated["EvaluationPeriods"]):
            values = self._values(stated, now - number * stated.get("Period", MINUTE))
            if not values:
                yield stated.get("TreatMissingData") == "breaching"
            else:
                yield compare(_statistic(stated)(values), stated["Threshold"])

    def _values(self, stated: Mapping[str, Any], end: float) -> list[float]:
        """The values in a period; metric math has none, as its metrics have none here."""
        if "MetricName" not in stated:
            return []
        dimensions = frozenset((one["Name"], one["Value"]) for one in stated.get("Dimensions", ()))
        metric = (stated["Namespace"], stated["MetricName"], dimensions)
        return [
            one.value
            for one in self._points
            if one.metric == metric and end - stated["Period"] <= one.at < end
        ]


def _statistic(stated: Mapping[str, Any]) -> Callable[[Sequence[float]], float]:
    if "Statistic" in stated:
        return STATISTICS[stated["Statistic"]]
    share = float(stated["ExtendedStatistic"].removeprefix("p")) / 100
    return lambda values: sorted(values)[min(int(len(values) * share), len(values) - 1)]
