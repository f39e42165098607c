"""CloudWatch embedded metric format: metrics in log lines.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from preview.services.measured import Measured

OLDEST_SECONDS, NEWEST_SECONDS = 14 * 86_400, 2 * 3_600
"""How far from now a time may be.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
"""
MOST_DIMENSIONS = 30


def metrics_in(line: str, now: float) -> list[Measured]:
    """The metrics in a line; none if the line is anything but a valid document.

    Args:
        line: of a log.
        now: in epoch seconds.
    """
    try:
        document = json.loads(line)
        at = document["_aws"]["Timestamp"] / 1000
        found = list(_metrics(document))
    except (ValueError, LookupError, TypeError):
        return []
    return found if now - OLDEST_SECONDS <= at <= now + NEWEST_SECONDS else []


def _metrics(document: Mapping[str, Any]) -> Iterator[Measured]:
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            if len(names) > MOST_DIMENSIONS:
                raise ValueError("too many dimensions")
            for metric in directive["Metrics"]:
                yield Measured(
                    namespace=directive["Namespace"],
                    metric=metric["Name"],
                    value=_number(document[metric["Name"]]),
                    dimensions={name: document[name] for name in names},
                )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return value
