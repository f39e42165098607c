"""CloudFormation parameters: checks the given values against the template's declarations.

Source: CloudFormation User Guide, "Parameters".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from preview.errors import Rejected

Declaration = Mapping[str, Any]
MOST_BYTES = 4096
"""Source: CloudFormation User Guide, "Understand CloudFormation quotas"."""


def parameter_values(
    declared: Mapping[str, Declaration], given: Mapping[str, str]
) -> dict[str, Any]:
    """The value of every declared parameter: a string, or a list of strings.

    Raises:
        Rejected: a parameter is missing, unknown, of an unknown type, or violates its declaration.
            The message lists all errors, without the values of NoEcho parameters.
    """
    wrong = [f"{name} is not a parameter of the template" for name in given.keys() - declared]
    texts = {name: given.get(name, of.get("Default")) for name, of in declared.items()}
    wrong += [f"{name} is missing" for name, text in texts.items() if text is None]
    present = {name: str(text) for name, text in texts.items() if text is not None}
    for name, text in present.items():
        wrong += [f"{name} {violation}" for violation in _violations(declared[name], text)]
    if wrong:
        raise Rejected("Parameters: " + "; ".join(sorted(wrong)) + ".")
    return {name: TYPES[declared[name]["Type"]](text) for name, text in present.items()}


def _violations(declaration: Declaration, text: str) -> list[str]:
    kind = declaration["Type"]
    if len(text.encode()) > MOST_BYTES:
        return [f"has more than {MOST_BYTES} bytes"]
    if kind not in TYPES:
        return [f"has the type {kind}, which the preview does not support"]
    parts = text.split(",") if kind in LISTS else [text]
    says = declaration.get("ConstraintDescription")
    broken = [
        rule
        for rule, (holds, _) in RULES.items()
        if rule in declaration and not all(holds(declaration[rule], part) for part in parts)
    ]
    if kind in NUMBERS and not all(re.fullmatch(r"-?\d+(\.\d+)?", part) for part in parts):
        return ["must be a number"]
    return [says or RULES[rule][1].format(declaration[rule]) for rule in broken]


def _plain(text: str) -> str:
    return text


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


TYPES: Mapping[str, Callable[[str], Any]] = {
    "String": _plain,
    "Number": _plain,
    "CommaDelimitedList": _list,
    "List<Number>": _list,
}
LISTS = ("CommaDelimitedList", "List<Number>")
NUMBERS = ("Number", "List<Number>")
RULES: Mapping[str, tuple[Callable[[Any, str], bool], str]] = {
    "AllowedPattern": (lambda pattern, text: bool(re.fullmatch(pattern, text)), "must match {}"),
    "AllowedValues": (lambda values, text: text in map(str, values), "must be one of {}"),
    "MinLength": (
        lambda length, text: len(text) >= int(length),
        "must have at least {} characters",
    ),
    "MaxLength": (lambda length, text: len(text) <= int(length), "must have at most {} characters"),
    "MinValue": (lambda least, text: float(text) >= float(least), "must be at least {}"),
    "MaxValue": (lambda most, text: float(text) <= float(most), "must be at most {}"),
}
