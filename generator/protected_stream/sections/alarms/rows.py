"""CloudWatch alarms: what a row of their table says, and how one becomes an alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from troposphere import AWSHelperFn, NoValue, Ref, Sub, cloudwatch

from protected_stream.template.metadata import why

OWN = "own"
"""Stands for the namespace of the metrics that come from the functions' logs."""
MINUTE = 60
PERCENTILE = "p"
LONGEST_DESCRIPTION = 1024
"""Source: Amazon CloudWatch API Reference, PutMetricAlarm, AlarmDescription."""

Missing = Literal["notBreaching", "breaching", "ignore"]
Column = Literal["Camera", "Encoder", "Packager", "CloudFront", "Cookies", "Sign-in and keys"]
Cause = Literal[
    "no picture",
    "picture at risk",
    "not delivered",
    "nothing arrives",
    "runs",
    "cookies",
    "media",
    "a function",
]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A metric that the dashboard shows."""

    watches: str
    """A kind of part of the stack: a key of `watched.KINDS`."""
    namespace: str
    metric: str
    statistic: str
    """One of CloudWatch's, such as Sum, or a percentile, such as p90."""
    column: Column
    fixed: Mapping[str, str]
    """Dimensions that are the same for all parts."""
    period: int = MINUTE
    """Seconds."""


@dataclass(frozen=True, kw_only=True)
class Row(Graph):
    """An alarm for each part of a kind."""

    name: str
    """The end of its logical ID."""
    at_least: float | None = None
    below: float | None = None
    """The threshold: one of these two, or the part's own limit if both are None."""
    bad: int
    of: int
    """It rings when so many of so many periods are bad."""
    missing: Missing = "notBreaching"
    """With "ignore", the last value counts until there is another one."""
    means: str
    """`{part}` stands for the part."""
    first: str
    """What a person does first."""
    cause: Cause | None = None
    """The composite alarm that reports it; None if it does so itself."""
    against_twin: bool = False
    """Whether the value is by how much the other pipeline's metric is higher than this one's."""

    @property
    def comparison(self) -> str:
        """As CloudWatch names it."""
        if self.below is not None:
            return "LessThanThreshold"
        return "GreaterThanOrEqualToThreshold"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A part of the stack that has metrics."""

    title: str
    """The beginning of the alarm's logical ID, after "Alarm"."""
    part: str
    """What it is, in words."""
    dimensions: Mapping[str, Any]
    twin: Mapping[str, Any] | None = None
    """The other pipeline's dimensions."""
    limit: float = 0
    """For rows whose threshold depends on the part."""


def own_namespace() -> AWSHelperFn:
    """The namespace of this stack's own metrics."""
    return Sub("ProtectedStream/${AWS::StackName}")


def namespace_of(graph: Graph) -> str | AWSHelperFn:
    """The graph's namespace, as CloudWatch knows it."""
    return own_namespace() if graph.namespace == OWN else graph.namespace


def threshold(row: Row, watched: Watched) -> float:
    """What the metric is compared with."""
    if row.below is not None:
        return row.below
    return watched.limit if row.at_least is None else row.at_least


def description(row: Row, watched: Watched) -> str:
    """What the alarm means, and what to do first."""
    return f"{row.means.format(part=watched.part)} First: {row.first.format(part=watched.part)}"


def alarm(row: Row, watched: Watched, actions: list[Ref], condition: str) -> cloudwatch.Alarm:
    """The alarm of a row for a part.

    Args:
        row: of the table.
        watched: the part.
        actions: where it reports to; none if a composite alarm does so.
        condition: the template's condition that it needs; "" for none.
    """
    made = cloudwatch.Alarm(
        f"Alarm{watched.title}{row.name}",
        Metadata=why("reports to the topic" if actions else "a part of a composite alarm"),
        AlarmDescription=description(row, watched),
        ComparisonOperator=row.comparison,
        Threshold=threshold(row, watched),
        EvaluationPeriods=row.of,
        DatapointsToAlarm=row.bad,
        TreatMissingData=row.missing,
        AlarmActions=actions or NoValue,
        **(_difference(row, watched) if row.against_twin else _metric(row, watched)),
    )
    if condition:
        made.Condition = condition
    return made


def dimensions_of(graph: Graph, watched: Watched) -> dict[str, Any]:
    """The metric's dimensions for a part."""
    return {**watched.dimensions, **graph.fixed}


def _metric(row: Row, watched: Watched) -> dict[str, Any]:
    is_percentile = row.statistic.startswith(PERCENTILE)
    return {
        "Namespace": namespace_of(row),
        "MetricName": row.metric,
        "Dimensions": _listed(dimensions_of(row, watched)) or NoValue,
        "Period": row.period,
        "ExtendedStatistic" if is_percentile else "Statistic": row.statistic,
    }


def _difference(row: Row, watched: Watched) -> dict[str, Any]:
    """Metric math; without data of one of them, it has none.

    Source: Amazon CloudWatch User Guide, "Using math expressions with CloudWatch metrics".
    """
    both = {"own": watched.dimensions, "other": watched.twin or {}}
    return {
        "Metrics": [
            cloudwatch.MetricDataQuery(Id="worse", Expression="other - own", Label="worse by"),
            *(
                cloudwatch.MetricDataQuery(
                    Id=name,
                    ReturnData=False,
                    MetricStat=cloudwatch.MetricStat(
                        Metric=cloudwatch.Metric(
                            Namespace=row.namespace,
                            MetricName=row.metric,
                            Dimensions=_listed(dimensions),
                        ),
                        Period=row.period,
                        Stat=row.statistic,
                    ),
                )
                for name, dimensions in both.items()
            ),
        ]
    }


def _listed(dimensions: Mapping[str, Any]) -> list[cloudwatch.MetricDimension]:
    return [
        cloudwatch.MetricDimension(Name=name, Value=value) for name, value in dimensions.items()
    ]
