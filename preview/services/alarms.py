"""CloudWatch: metrics, and the alarms on them.

Each period ends now; AWS aligns periods to the clock. A metric that nobody records has no data,
which its alarms treat as AWS does.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preview.resource import Resource
from preview.resources import Resources
from preview.services.alarm_rules import rings
from preview.services.aws.role_policies import source_of
from preview.services.clock import Clock
from preview.services.embedded_metrics import metrics_in
from preview.services.log_patterns import pattern
from preview.services.measured import Measured
from preview.services.metric_math import Metric, Query, operands
from preview.services.notifications import Notifications
from preview.services.timers import Timers

CLOUDWATCH = "cloudwatch.amazonaws.com"
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
TIMER = "alarms"
MINUTE = 60
KEPT_SECONDS = 2_100
"""Longer than any alarm here looks back."""
BEYOND = 2
"""How many periods more than it needs an alarm looks back for points in place of missing ones: in
AWS's example 2 for 3 periods; it documents no other number."""
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
    at: float
    value: float


def _nobody(_: float) -> Iterable[Measured]:
    """Nothing is published."""
    return ()


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
    each_minute: Callable[[float], Iterable[Measured]] = _nobody
    """What services publish for the minute that ends then, in epoch seconds."""
    _points: dict[Metric, list[_Point]] = field(default_factory=dict)
    _next: float = 0
    """The next minute to look at, in epoch seconds."""
    _until: float = 0
    """From when on nothing changes any more, if nothing is published."""
    _waiting: dict[str, float] = field(default_factory=dict)
    """Until when a composite alarm does not act, by name: it waits for the one that suppresses it,
    which is in the state ALARM (infinity), or was so shortly before."""

    def record(
        self, namespace: str, metric: str, value: float, dimensions: Mapping[str, str]
    ) -> None:
        """Records a value of a metric; the alarms look at it within a minute."""
        if self.begin():
            self._keep(namespace, metric, value, dimensions, at=self.clock.now())

    def begin(self) -> bool:
        """Looks at the alarms each minute from now on, while anything may change.

        Returns whether there are alarms.
        """
        if not self.resources.of_type(ALARM):
            return False
        now = self.clock.now()
        self._until = now + KEPT_SECONDS
        if self.timers.due(TIMER) is None:
            self._next = now + MINUTE
            self.timers.start(TIMER, MINUTE, self._look)
        return True

    def _keep(
        self,
        namespace: str,
        metric: str,
        value: float,
        dimensions: Mapping[str, str],
        *,
        at: float,
    ) -> None:
        key = (namespace, metric, frozenset(dimensions.items()))
        self._points.setdefault(key, []).append(_Point(at=at, value=value))

    def read_log(self, group: str, lines: Sequence[str]) -> None:
        """Counts lines that were written to a log group, as its metric filters and they say."""
        for line in lines:
            for found in metrics_in(line, self.clock.now()):
                self.record(found.namespace, found.metric, found.value, found.dimensions)
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
            for one in self.each_minute(self._next):
                at = self._next - MINUTE / 2
                self._keep(one.namespace, one.metric, one.value, one.dimensions, at=at)
                self._until = self._next + KEPT_SECONDS
            self._look_at(self._next)
            self._next += MINUTE
        oldest = self.clock.now() - KEPT_SECONDS
        self._points = {
            metric: kept
            for metric, points in list(self._points.items())
            if (kept := [one for one in points if one.at > oldest])
        }
        if self._next > self._until:
            self.timers.stop(TIMER)

    def _look_at(self, now: float) -> None:
        for one in self.resources.of_type(ALARM):
            if not self._stays(one, now):
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
        """A composite alarm acts if the one that suppresses it has not rung in time.

        If it has, and ends, the composite alarm acts after the extension, unless it ends as well.
        """
        until = self._waiting.get(alarm.ref)
        if until is None:
            return
        if self._is_suppressed(alarm):
            self._waiting[alarm.ref] = math.inf
        elif until == math.inf:
            extension = alarm.properties["ActionsSuppressorExtensionPeriod"]
            self._waiting[alarm.ref] = now + extension
        elif until <= now:
            del self._waiting[alarm.ref]
            self._act(alarm)

    def _is_suppressed(self, alarm: Resource) -> bool:
        return alarm.properties["ActionsSuppressor"] in {
            one.attributes["Arn"]
            for kind in (ALARM, COMPOSITE)
            for one in self.resources.of_type(kind)
            if self._in_state(one.ref, "ALARM")
        }

    def _act(self, alarm: Resource) -> None:
        text = f"ALARM: {alarm.logical_id}: {alarm.properties.get('AlarmDescription', '')}"
        for arn in alarm.properties.get("AlarmActions", ()):
            failure = self.notifications.publish(
                arn, text, service=CLOUDWATCH, context=source_of(alarm)
            )
            if failure:
                self.lost.append(f"{alarm.logical_id}: {failure}")

    def _stays(self, alarm: Resource, now: float) -> bool:
        """Whether an alarm of one period keeps its state, as it ignores missing data."""
        ignores = alarm.properties.get("TreatMissingData") == "ignore"
        return ignores and self._value(operands(alarm.properties), now) is None

    def _is_bad(self, alarm: Resource, now: float) -> bool:
        stated = alarm.properties
        queries = operands(stated)
        found = [
            self._value(queries, now - number * queries[0].period)
            for number in range(stated["EvaluationPeriods"] + BEYOND)
        ]
        return is_bad(stated, found)

    def _value(self, queries: Sequence[Query], end: float) -> float | None:
        """The value of a period: of the metric, or by how much the first is above the second.

        None without data of one of them.
        """
        values = [self._statistic(one, end) for one in queries]
        if None in values:
            return None
        first, *other = (float(one) for one in values if one is not None)
        return first - sum(other)

    def _statistic(self, query: Query, end: float) -> float | None:
        values = [
            one.value
            for one in self._points.get(query.metric, ())
            if end - query.period <= one.at < end
        ]
        return _statistic(query.statistic)(values) if values else None


def is_bad(stated: Mapping[str, Any], found: Sequence[float | None]) -> bool:
    """Whether enough periods are bad.

    Missing points count as stated, but only if there are fewer points than periods to look at.

    Args:
        stated: the alarm's properties.
        found: the value of each period, from the last one back; more of them than it looks at.
    """
    compare, count = COMPARISONS[stated["ComparisonOperator"]], int(stated["EvaluationPeriods"])
    bad = [compare(value, stated["Threshold"]) for value in found if value is not None][:count]
    missing = stated.get("TreatMissingData") == "breaching"
    return sum(bad) + missing * (count - len(bad)) >= int(stated.get("DatapointsToAlarm") or count)


def _statistic(name: str) -> Callable[[Sequence[float]], float]:
    if name in STATISTICS:
        return STATISTICS[name]
    share = float(name.removeprefix("p")) / 100
    return lambda values: sorted(values)[min(int(len(values) * share), len(values) - 1)]
