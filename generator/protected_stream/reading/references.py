"""CloudFormation references: what Ref, Fn::GetAtt, Fn::Sub and DependsOn refer to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")
"""A placeholder of Fn::Sub; `${!Name}` is a literal "${Name}".

Source: AWS CloudFormation Template Reference, "Fn::Sub".
"""


class Reference(NamedTuple):
    """What an expression refers to."""

    name: str
    """A logical ID, a parameter or a pseudo parameter such as AWS::Region."""
    attribute: str = ""
    """The attribute of GetAtt; empty for Ref."""


def references(value: Any) -> Iterator[Reference]:
    """Every reference in a value, in order; some more than once.

    Args:
        value: plain data, such as a resource's properties in an emitted template.
    """
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, argument in value.items():
            yield from _of_function(key, argument)
            yield from references(argument)


def names_in(resource: Mapping[str, Any]) -> set[str]:
    """The names that a resource of an emitted template refers to, those in DependsOn included."""
    depends_on = resource.get("DependsOn", [])
    return {
        *(reference.name for reference in references(dict(resource))),
        *([depends_on] if isinstance(depends_on, str) else depends_on),
    }


def _of_function(key: str, argument: Any) -> Iterator[Reference]:
    match key, argument:
        case "Ref", str(name):
            yield Reference(name)
        case "Fn::GetAtt", [str(name), str(attribute)]:
            yield Reference(name, attribute)
        case "Fn::GetAtt", str(text):
            yield _dotted(text)
        case "Fn::Sub", str(text):
            yield from _in_text(text, {})
        case "Fn::Sub", [str(text), dict(variables)]:
            yield from _in_text(text, variables)


def _in_text(text: str, variables: Mapping[str, Any]) -> Iterator[Reference]:
    """What the placeholders of Fn::Sub refer to, except its own variables."""
    for name in PLACEHOLDER.findall(text):
        if name not in variables:
            yield _dotted(name)


def _dotted(text: str) -> Reference:
    name, _, attribute = text.partition(".")
    return Reference(name, attribute)
