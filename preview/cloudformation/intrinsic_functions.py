"""CloudFormation references: the names that Ref, Fn::GetAtt, and Fn::Sub refer to.

Source: CloudFormation Template Reference, "Intrinsic functions".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")
"""A placeholder in the text of Fn::Sub; `${!Name}` is the literal `${Name}`."""


def attribute_named(argument: str | list[Any]) -> tuple[str, str]:
    """The logical ID and attribute name of Fn::GetAtt, in either syntax."""
    text = argument if isinstance(argument, str) else ".".join(argument)
    name, _, attribute = text.partition(".")
    return name, attribute


def substitution(argument: str | list[Any]) -> tuple[str, Mapping[str, Any]]:
    """The text and variables of Fn::Sub, in either syntax."""
    text, variables = (argument, {}) if isinstance(argument, str) else argument
    return text, variables


def references(expression: Any) -> Iterator[str]:
    """The names that Ref, Fn::GetAtt, and Fn::Sub refer to, anywhere in the expression."""
    if isinstance(expression, list):
        for inner in expression:
            yield from references(inner)
    if not isinstance(expression, Mapping):
        return
    for key, argument in expression.items():
        if key == "Ref":
            yield argument
        elif key == "Fn::GetAtt":
            yield attribute_named(argument)[0]
        elif key == "Fn::Sub":
            yield from _in_text(*substitution(argument))
        yield from references(argument)


def _in_text(text: str, variables: Mapping[str, Any]) -> Iterator[str]:
    for name in PLACEHOLDER.findall(text):
        if not name.startswith("!") and name not in variables:
            yield name.partition(".")[0]


def attributes(expression: Any) -> Iterator[tuple[str, str]]:
    """The resources and attributes that Fn::GetAtt and Fn::Sub name, anywhere in the expression."""
    if isinstance(expression, list):
        for inner in expression:
            yield from attributes(inner)
    if not isinstance(expression, Mapping):
        return
    for key, argument in expression.items():
        if key == "Fn::GetAtt":
            yield attribute_named(argument)
        elif key == "Fn::Sub":
            yield from _attributes_in_text(*substitution(argument))
        yield from attributes(argument)


def _attributes_in_text(text: str, variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in PLACEHOLDER.findall(text):
        if "." in name and name not in variables:
            yield attribute_named(name)
