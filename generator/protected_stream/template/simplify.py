"""Shortens a CloudFormation template without changing its meaning."""

from collections.abc import Mapping
from typing import Any

from protected_stream.reading.references import PLACEHOLDER

NOTHING = {"Ref": "AWS::NoValue"}


def simplify(value: Any) -> Any:
    """The value without AWS::NoValue properties, and with every Fn::Sub as short as possible.

    Source: CloudFormation Template Reference, "Pseudo parameters" (AWS::NoValue) and "Fn::Sub".
    """
    if isinstance(value, list):
        return [simplify(item) for item in value if item != NOTHING]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Fn::If"}:
        return {
            "Fn::If": [simplify(item) for item in value["Fn::If"]]
        }  # AWS::NoValue is a valid branch here
    inner = {key: simplify(item) for key, item in value.items() if item != NOTHING}
    return _substitution(inner["Fn::Sub"]) if inner.keys() == {"Fn::Sub"} else inner


def _substitution(argument: str | list[Any]) -> dict[str, Any]:
    """Fn::Sub with as much as possible in its text, and variables only for the rest."""
    if isinstance(argument, str):
        return {"Fn::Sub": argument}
    text, variables = argument
    for name in variables:
        text, variables = _shorter(text, variables, name)
    return {"Fn::Sub": [text, variables] if variables else text}


def _shorter(text: str, variables: Mapping[str, Any], name: str) -> tuple[str, Mapping[str, Any]]:
    """Text and variables without the variable of that name, if both mean the same as before."""
    found = _in_text(variables[name])
    if not found:
        return text, variables
    others = {other: value for other, value in variables.items() if other != name}
    words, more = found
    here = set(PLACEHOLDER.findall(text)) - {name}
    there = set(PLACEHOLDER.findall(words))
    # a name must not mean a variable in one text and a resource in the other
    if (there - more.keys()) & others.keys() or more.keys() & (here | others.keys()):
        return text, variables
    return text.replace(f"${{{name}}}", words), {**others, **more}


def _in_text(value: Any) -> tuple[str, Mapping[str, Any]] | None:
    """The value as text of Fn::Sub, and the variables that this needs; None if impossible."""
    match value:
        case {"Ref": str(target)}:
            return f"${{{target}}}", {}
        case {"Fn::GetAtt": [str(target), str(attribute)]}:
            return f"${{{target}.{attribute}}}", {}
        case {"Fn::Sub": str(text)}:
            return text, {}
        case {"Fn::Sub": [str(text), dict(variables)]}:
            return text, variables
        case _:
            return None
