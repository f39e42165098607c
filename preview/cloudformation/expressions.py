"""CloudFormation intrinsic functions: the values of the template's expressions in one stack.

Source: CloudFormation Template Reference, "Intrinsic functions" and "Condition functions".
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.cloudformation.intrinsic_functions import (
    PLACEHOLDER,
    attribute_named,
    substitution,
)
from preview.errors import NotSupported, Rejected
from preview.resource import Resource

CONDITIONS: Mapping[str, tuple[int, int]] = {
    "Fn::And": (2, 10),
    "Fn::Not": (1, 1),
    "Fn::Or": (2, 10),
}
"""The fewest and most conditions in a condition function."""
ABSENT = object()
"""The value of `Ref AWS::NoValue`: the property is removed."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Everything that an expression can refer to."""

    names: Mapping[str, Any]
    """Parameters and pseudo parameters."""
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """As in the template."""
    resources: Mapping[str, Resource] = field(default_factory=dict)
    """The resources created so far, by logical ID."""

    def value(self, expression: Any) -> Any:
        """The value of an expression.

        Raises:
            Rejected: it refers to something that does not exist.
            NotSupported: it uses an unknown function.
        """
        if isinstance(expression, list):
            items = (self.value(inner) for inner in expression)
            return [item for item in items if item is not ABSENT]
        if not isinstance(expression, dict):
            return expression
        name, argument = next(iter(expression.items()), ("", None))
        if len(expression) == 1 and _is_function(name, argument):
            if name not in FUNCTIONS:
                raise NotSupported(f"The preview does not support {name}.")
            return FUNCTIONS[name](self, argument)
        values = {key: self.value(inner) for key, inner in expression.items()}
        return {key: value for key, value in values.items() if value is not ABSENT}

    def holds(self, condition: str) -> bool:
        """Whether the condition of that name holds."""
        if condition not in self.conditions:
            raise Rejected(f"There is no condition {condition}.")
        return bool(self.value(self.conditions[condition]))

    def text(self, expression: Any) -> str:
        """The value of an expression where CloudFormation expects a string.

        Raises:
            Rejected: it is a list or an object.
        """
        value = self.value(expression)
        if isinstance(value, bool):
            return str(value).lower()
        if not isinstance(value, str | int | float):
            raise Rejected(f"{expression} must be a string, not {type(value).__name__}.")
        return str(value)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return ABSENT
        if name in self.names:
            return self.names[name]
        return self._resource(name).ref

    def _attribute(self, argument: str | list[Any]) -> Any:
        name, attribute = attribute_named(argument)
        attributes = self._resource(name).attributes
        if attribute not in attributes:
            raise Rejected(f"{name} has no attribute {attribute}.")
        return attributes[attribute]

    def _resource(self, name: str) -> Resource:
        if name not in self.resources:
            raise Rejected(f"The template refers to {name}, which is not in the stack.")
        return self.resources[name]

    def _join(self, argument: list[Any]) -> str:
        separator, parts = argument
        return str(separator).join(self.text(part) for part in _listed(self.value(parts)))

    def _select(self, argument: list[Any]) -> Any:
        index, items = int(self.text(argument[0])), _listed(self.value(argument[1]))
        if not 0 <= index < len(items):
            raise Rejected(f"Fn::Select {argument}: there is no item {index} in {items}.")
        return items[index]

    def _split(self, argument: list[Any]) -> list[str]:
        separator, text = argument
        return self.text(text).split(separator)

    def _sub(self, argument: str | list[Any]) -> str:
        text, variables = substitution(argument)

        def filling(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in variables:
                return self.text(variables[name])
            return self.text({"Fn::GetAtt": name} if "." in name else {"Ref": name})

        return PLACEHOLDER.sub(filling, text)

    def _find_in_map(self, argument: list[Any]) -> Any:
        found: Any = self.mappings
        for key in argument:
            found = found.get(self.text(key)) if isinstance(found, Mapping) else None
        if found is None:
            raise Rejected(f"Fn::FindInMap {argument}: there is no such entry.")
        return found

    def _if(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self.value(then if self.holds(condition) else otherwise)

    def _equals(self, argument: list[Any]) -> bool:
        left, right = argument
        return self.text(left) == self.text(right)

    def _contains(self, argument: list[Any]) -> bool:
        items, item = argument
        return self.text(item) in _listed(self.value(items))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Rejected(f"{value!r} must be a list.")
    return value


def _is_function(name: str, argument: Any) -> bool:
    """Whether an object with this only key is a function.

    Policies have an object as Condition; as a function, it has a condition's name.
    """
    if name == "Condition":
        return isinstance(argument, str)
    return name == "Ref" or name.startswith("Fn::")


def _few(function: str, parts: Any) -> list[Any]:
    """The conditions of a condition function, if there are as many as CloudFormation accepts."""
    least, most = CONDITIONS[function]
    if not least <= len(_listed(parts)) <= most:
        wanted = f"{least} to {most}" if most > least else str(least)
        raise Rejected(f"{function} needs {wanted} conditions, not {len(parts)}.")
    return list(parts)


FUNCTIONS: Mapping[str, Callable[[Scope, Any], Any]] = {
    "Ref": Scope._ref,
    "Condition": lambda scope, name: scope.holds(name),
    "Fn::And": lambda scope, parts: all(scope.value(part) for part in _few("Fn::And", parts)),
    "Fn::Base64": lambda scope, text: base64.b64encode(scope.text(text).encode()).decode(),
    "Fn::Contains": Scope._contains,
    "Fn::Equals": Scope._equals,
    "Fn::FindInMap": Scope._find_in_map,
    "Fn::GetAtt": Scope._attribute,
    "Fn::If": Scope._if,
    "Fn::Join": Scope._join,
    "Fn::Not": lambda scope, parts: not scope.value(_few("Fn::Not", parts)[0]),
    "Fn::Or": lambda scope, parts: any(scope.value(part) for part in _few("Fn::Or", parts)),
    "Fn::Select": Scope._select,
    "Fn::Split": Scope._split,
    "Fn::Sub": Scope._sub,
}
