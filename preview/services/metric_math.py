"""CloudWatch: which metrics an alarm reads, and metric math as far as the templates use it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preview.errors import NotSupported

DIFFERENCE = re.compile(r"([a-z]\w*) - ([a-z]\w*)")

Metric = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A statistic of a metric."""

    metric: Metric
    statistic: str
    period: int
    """Seconds."""


def operands(stated: Mapping[str, Any]) -> Sequence[Query]:
    """What an alarm reads: a metric, or the two metrics whose difference it compares.

    Args:
        stated: the alarm's properties.

    Raises:
        NotSupported: it has other metric math.
    """
    if "Metrics" not in stated:
        statistic = stated.get("Statistic") or stated["ExtendedStatistic"]
        return [_query(stated, statistic, stated["Period"])]
    by_id = {one["Id"]: one for one in stated["Metrics"]}
    shown = [one for one in stated["Metrics"] if one.get("ReturnData", True)]
    expression = shown[0].get("Expression", "") if len(shown) == 1 else ""
    found = DIFFERENCE.fullmatch(expression)
    named = [by_id.get(name, {}).get("MetricStat") for name in found.groups()] if found else []
    read = [_query(one["Metric"], one["Stat"], one["Period"]) for one in named if one]
    if len(read) != 2 or read[0].period != read[1].period:
        raise NotSupported(f"the preview does not support the metric math {expression!r}")
    return read


def _query(metric: Mapping[str, Any], statistic: str, period: int) -> Query:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric.get("Dimensions", ()))
    key = (metric["Namespace"], metric["MetricName"], dimensions)
    return Query(metric=key, statistic=statistic, period=period)
