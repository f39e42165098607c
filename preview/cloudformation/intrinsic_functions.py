"""How Ref, Fn::GetAtt and Fn::Sub name what they refer to.

Source: CloudFormation Template Reference, "Intrinsic functions".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")
"""In the text of Fn::Sub; one whose name begins with `!` stands for itself without it."""


def attribute_named(argument: str | list[Any]) -> tuple[str, str]:
    """The logical ID and the attribute that Fn::GetAtt names, in either of its two notations."""
    text = argument if isinstance(argument, str) else ".".join(argument)
    name, _, attribute = text.partition(".")
    return name, attribute


def substitution(argument: str | list[Any]) -> tuple[str, Mapping[str, Any]]:
    """The text of Fn::Sub, and its own variables, in either of its two notations."""
    text, variables = (argument, {}) if isinstance(argument, str) else argument
    return text, variables


def references(expression: Any) -> Iterator[str]:
    """The names that Ref, Fn::GetAtt and Fn::Sub anywhere in the expression refer to."""
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
