"""Simplifying a template does not change its meaning."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protected_stream.reading.references import PLACEHOLDER
from protected_stream.template.simplify import simplify

NAMES = st.sampled_from(["One", "Two", "Three"])
REFERENCES = NAMES.map(lambda name: {"Ref": name}) | NAMES.map(
    lambda name: {"Fn::GetAtt": [name, "Arn"]}
)
TEXTS = st.lists(
    NAMES.map(lambda name: f"${{{name}}}") | st.sampled_from(["/", "${!One}", "$", "-"]), max_size=4
).map("".join)


def substitutions(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    with_variables = st.tuples(TEXTS, st.dictionaries(NAMES, values, max_size=3))
    return TEXTS.map(lambda text: {"Fn::Sub": text}) | with_variables.map(
        lambda pair: {"Fn::Sub": [pair[0], pair[1]]}
    )


VALUES = st.recursive(
    REFERENCES | REFERENCES.map(lambda value: {"Fn::Select": [0, value]}), substitutions
)


def meaning(value: Any) -> str:
    """The value as a string, with a placeholder for every reference."""
    match value:
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Select": [index, inner]}:
            return f"<{index} of {meaning(inner)}>"
        case {"Fn::Sub": str(text)}:
            return PLACEHOLDER.sub(lambda match: f"<{match[1]}>", text)
        case {"Fn::Sub": [text, variables]}:
            named = {name: meaning(inner) for name, inner in variables.items()}
            return PLACEHOLDER.sub(lambda match: named.get(match[1], f"<{match[1]}>"), text)
    raise AssertionError(value)


@given(VALUES)
def test_a_substitution_means_what_it_meant(value: Any) -> None:
    assert meaning(simplify(value)) == meaning(value)


@pytest.mark.parametrize(
    ("value", "shorter"),
    [
        ({"Fn::Sub": ["${A}/*", {"A": {"Ref": "B"}}]}, {"Fn::Sub": "${B}/*"}),
        ({"Fn::Sub": ["${A}/*", {"A": {"Fn::GetAtt": ["B", "Arn"]}}]}, {"Fn::Sub": "${B.Arn}/*"}),
        ({"Fn::Sub": ["${A}/x", {"A": {"Fn::Sub": "${B}/y"}}]}, {"Fn::Sub": "${B}/y/x"}),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
        (
            {"a": {"Fn::If": ["Wanted", {"Ref": "AWS::NoValue"}, "b"]}},
            {"a": {"Fn::If": ["Wanted", {"Ref": "AWS::NoValue"}, "b"]}},
        ),
    ],
)
def test_it_is_as_short_as_possible(value: Any, shorter: Any) -> None:
    assert simplify(value) == shorter


def test_nothing_in_a_template_can_be_shorter(any_template: dict[str, Any]) -> None:
    assert simplify(any_template) == any_template
    without_choices = re.sub(r"\{'Fn::If': \[.*?\]\}", "", str(any_template))
    assert not re.search(r"AWS::NoValue", without_choices)
