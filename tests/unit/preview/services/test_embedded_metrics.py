"""CloudWatch embedded metric format: which lines have metrics, and which AWS ignores."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preview.services.embedded_metrics import metrics_in
from preview.services.measured import Measured

NOW = 1_800_000_000
Document = dict[str, Any]


def _document() -> Document:
    directive = {
        "Namespace": "Stream",
        "Dimensions": [[], ["Part"]],
        "Metrics": [{"Name": "Age", "Unit": "None"}],
    }
    return {
        "_aws": {"Timestamp": NOW * 1000, "CloudWatchMetrics": [directive]},
        "Age": 3.5,
        "Part": "key",
        "more": "text",
    }


def test_each_set_of_dimensions_is_a_metric() -> None:
    assert metrics_in(json.dumps(_document()), NOW) == [
        Measured(namespace="Stream", metric="Age", value=3.5, dimensions=dimensions)
        for dimensions in ({}, {"Part": "key"})
    ]


CHANGES: dict[str, Callable[[Document], Any]] = {
    "no value": lambda document: document.pop("Age"),
    "a value that is not a number": lambda document: document.update(Age="3.5"),
    "no value of a dimension": lambda document: document.pop("Part"),
    "no time": lambda document: document["_aws"].pop("Timestamp"),
    "seconds": lambda document: document["_aws"].update(Timestamp=NOW),
    "no namespace": lambda document: document["_aws"]["CloudWatchMetrics"][0].pop("Namespace"),
    "no dimensions": lambda document: document["_aws"]["CloudWatchMetrics"][0].pop("Dimensions"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_invalid_document_has_none(change: Callable[[Document], Any]) -> None:
    document = _document()
    change(document)
    assert metrics_in(json.dumps(document), NOW) == []


@pytest.mark.parametrize(
    "line",
    ["", "text", "[]", "7", "{}", f"INFO {json.dumps(_document())}", json.dumps({"a": "_aws"})],
)
def test_other_lines_have_none(line: str) -> None:
    """One that logging has put into a record has none, either."""
    assert metrics_in(line, NOW) == []
    assert metrics_in(json.dumps({"level": "INFO", "message": json.dumps(_document())}), NOW) == []
