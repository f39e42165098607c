"""CloudWatch dashboard: from the camera on the left to the viewer on the right.

Source of the body's form: Amazon CloudWatch API Reference, "Dashboard body structure and syntax".
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from troposphere import AWSHelperFn, Sub, cloudwatch

from protected_stream.sections.alarms.rows import (
    OWN,
    Column,
    Graph,
    Row,
    Watched,
    dimensions_of,
    namespace_of,
    threshold,
)
from protected_stream.sections.alarms.table import GRAPHS, ROWS
from protected_stream.sections.alarms.watched import KINDS, Parts
from protected_stream.template.metadata import why

COLUMNS: tuple[Column, ...] = get_args(Column)
WIDTH, HEIGHT, HEADING = 24 // len(COLUMNS), 4, 1
"""Of a widget; a dashboard is 24 units wide."""
ELSEWHERE = {"AWS/CloudFront": "us-east-1"}
"""The Region of the metrics that are in one Region only; a dashboard shows those of any Region."""
RED = "#d13212"


class _Values:
    """The expressions in the body, as variables of Fn::Sub."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}

    def text(self, value: str | AWSHelperFn) -> str:
        """The value, or the variable that stands for it."""
        if isinstance(value, str):
            return value
        same = json.dumps(value.to_dict(), sort_keys=True)
        for name, other in self.variables.items():
            if json.dumps(other.to_dict(), sort_keys=True) == same:
                return f"${{{name}}}"
        name = f"V{len(self.variables)}"
        self.variables[name] = value
        return f"${{{name}}}"


def dashboard(
    parts: Parts, composites: Sequence[cloudwatch.CompositeAlarm]
) -> cloudwatch.Dashboard:
    """The composite alarms' states, and the metrics with the alarms' thresholds.

    Args:
        parts: the stack's other sections.
        composites: the alarms in the first line.
    """
    values = _Values()
    body = {"widgets": [*_first_line(composites, values), *_columns(parts, values)]}
    return cloudwatch.Dashboard(
        "StreamDashboard",
        Metadata=why("the stream at a glance, from the camera to the viewer"),
        DashboardBody=Sub(json.dumps(body, separators=(",", ":")), values.variables),
    )


def _first_line(
    composites: Sequence[cloudwatch.CompositeAlarm], values: _Values
) -> Iterator[dict[str, Any]]:
    if composites:
        arns = [values.text(one.get_att("Arn")) for one in composites]
        yield _widget(0, 0, "alarm", {"title": "Alarms", "alarms": arns}, width=24, height=2)


def _columns(parts: Parts, values: _Values) -> Iterator[dict[str, Any]]:
    shown = [column for column in COLUMNS if any(_lines_of(column, parts, values))]
    for number, column in enumerate(shown):
        left, top = number * WIDTH, 2
        yield _widget(left, top, "text", {"markdown": f"## {column}"}, height=HEADING)
        for place, widget in enumerate(_lines_of(column, parts, values)):
            yield _widget(left, top + HEADING + place * HEIGHT, "metric", widget)


def _widget(
    left: int,
    top: int,
    kind: str,
    properties: Mapping[str, Any],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> dict[str, Any]:
    place = {"x": left, "y": top, "width": width, "height": height}
    return {"type": kind, **place, "properties": dict(properties)}


def _lines_of(column: Column, parts: Parts, values: _Values) -> Iterator[dict[str, Any]]:
    """The properties of the column's widgets: one for each row or graph that the stack has."""
    for graph in (*ROWS, *GRAPHS):
        watched = list(KINDS[graph.watches](parts)) if graph.column == column else []
        if watched:
            yield _properties(graph, watched, values)


def _properties(graph: Graph, watched: Sequence[Watched], values: _Values) -> dict[str, Any]:
    drawn = {}
    if isinstance(graph, Row):
        levels = sorted({threshold(graph, one) for one in watched})
        lines = [{"label": "alarm", "value": level, "color": RED} for level in levels]
        drawn = {"annotations": {"horizontal": lines}}
    return {
        "title": graph.metric,
        "region": ELSEWHERE.get(graph.namespace, "${AWS::Region}"),
        "stat": graph.statistic,
        "period": graph.period,
        "yAxis": {"left": {"min": 0}},
        "metrics": [
            line
            for number, one in enumerate(watched)
            for line in _metrics(graph, one, number, values)
        ],
        **drawn,
    }


def _metrics(graph: Graph, watched: Watched, number: int, values: _Values) -> Iterator[list[Any]]:
    """A line of the graph; that of a comparison is computed from two that are hidden."""
    if not (isinstance(graph, Row) and graph.against_twin):
        yield [*_metric(graph, dimensions_of(graph, watched), values), {"label": watched.part}]
        return
    own, other = f"own{number}", f"other{number}"
    yield [{"expression": f"{other} - {own}", "label": watched.part, "id": f"worse{number}"}]
    for name, dimensions in ((own, watched.dimensions), (other, watched.twin or {})):
        yield [*_metric(graph, dimensions, values), {"id": name, "visible": False}]


def _metric(graph: Graph, dimensions: Mapping[str, Any], values: _Values) -> list[str]:
    namespace = values.text(namespace_of(graph)) if graph.namespace == OWN else graph.namespace
    pairs = ((name, values.text(value)) for name, value in dimensions.items())
    return [namespace, graph.metric, *(text for pair in pairs for text in pair)]
