"""When an alarm rings: the tables of AWS's page, and the differences that alarms compare."""

import pytest

from preview.errors import NotSupported
from preview.services.alarms import is_bad
from preview.services.metric_math import operands

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
LINES = (
    ("- - - - -", True, False),
    ("0 - - - -", False, False),
    ("- - X - -", True, False),
    ("0 X X - X", True, True),
)
"""Points for 3 of 3 periods, oldest first; whether it rings if missing ones are bad, or good."""
VALUES = {"-": None, "0": 0.0, "X": 1.0}


@pytest.mark.parametrize(("line", "breaching", "not_breaching"), LINES)
def test_missing_points_count_as_aws_documents(
    line: str, breaching: bool, not_breaching: bool
) -> None:
    points = [VALUES[one] for one in reversed(line.split())]
    stated = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 3,
    }
    assert is_bad({**stated, "TreatMissingData": "breaching"}, points) is breaching
    assert is_bad({**stated, "TreatMissingData": "notBreaching"}, points) is not_breaching


def _stat(name: str, period: int = 60) -> dict[str, object]:
    metric = {"Namespace": "AWS/MediaLive", "MetricName": name}
    return {
        "Id": name.lower(),
        "MetricStat": {"Metric": metric, "Stat": "Minimum", "Period": period},
        "ReturnData": False,
    }


def test_a_difference_has_two_metrics_in_the_order_of_the_expression() -> None:
    stated = {"Metrics": [{"Id": "worse", "Expression": "b - a"}, _stat("A"), _stat("B")]}
    assert [one.metric[1] for one in operands(stated)] == ["B", "A"]


@pytest.mark.parametrize(
    "metrics",
    [
        [{"Id": "worse", "Expression": "a + b"}, _stat("A"), _stat("B")],
        [{"Id": "worse", "Expression": "a - b"}, _stat("A")],
        [{"Id": "worse", "Expression": "a - b"}, _stat("A"), _stat("B", 300)],
        [{"Id": "worse", "Expression": "a - b"}, {"Id": "b", "Expression": "a"}, _stat("A")],
        [_stat("A"), _stat("B")],
    ],
)
def test_other_metric_math_is_refused(metrics: list[dict[str, object]]) -> None:
    with pytest.raises(NotSupported):
        operands({"Metrics": metrics})
