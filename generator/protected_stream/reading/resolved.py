"""CloudFormation expressions of a template without a stack: what is known becomes a value.

What only the stack knows, such as the ID of a resource, becomes a text that names it, so that two
templates can be compared. Source: AWS CloudFormation Template Reference, "Intrinsic functions".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from protected_stream.reading.references import PLACEHOLDER

ABSENT = object()
"""The value of `Ref AWS::NoValue`: the property is removed."""
OPEN, CLOSE = "\u27e8", "\u27e9"
"""The brackets around the name of what is not known; no template has them."""


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """A template with the values of its parameters."""

    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    region: str
    replaced: frozenset[str] = field(default_factory=frozenset)
    """Resources that are others than in the template to compare with, by logical ID."""

    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources whose conditions hold, with their properties resolved."""
        return {
            name: {**resource, "Properties": self.value(resource.get("Properties", {}))}
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }

    def value(self, expression: Any) -> Any:
        """The value, or as much of it as is known."""
        if isinstance(expression, list):
            items = (self.value(one) for one in expression)
            return [one for one in items if one is not ABSENT]
        if not isinstance(expression, dict):
            return expression
        name, argument = next(iter(expression.items()), ("", None))
        if len(expression) == 1 and name in FUNCTIONS:
            return FUNCTIONS[name](self, argument)
        values = {key: self.value(one) for key, one in expression.items()}
        return {key: one for key, one in values.items() if one is not ABSENT}

    def holds(self, name: str) -> bool:
        """Whether the template's condition holds."""
        return bool(self._condition(self.template["Conditions"][name]))

    def _condition(self, expression: Any) -> Any:
        name, argument = next(iter(expression.items()))
        match name:
            case "Condition":
                return self.holds(argument)
            case "Fn::Not":
                return not self._condition(argument[0])
            case "Fn::And":
                return all(map(self._condition, argument))
            case "Fn::Or":
                return any(map(self._condition, argument))
            case _:
                left, right = self.value(argument)
                return str(left) == str(right)

    def reference(self, name: str, attribute: str = "") -> Any:
        """What Ref, or GetAtt with an attribute, returns."""
        if name == "AWS::NoValue":
            return ABSENT
        if name == "AWS::Region":
            return self.region
        if name in self.parameters and not attribute:
            return self.parameters[name]
        other = " (new)" * (name in self.replaced)
        return f"{OPEN}{name}{other}{'.' * bool(attribute)}{attribute}{CLOSE}"


def _get_att(resolver: Resolver, argument: Any) -> Any:
    name, _, attribute = (argument if isinstance(argument, str) else ".".join(argument)).partition(
        "."
    )
    return resolver.reference(name, attribute)


def _sub(resolver: Resolver, argument: Any) -> Any:
    text, variables = (argument, {}) if isinstance(argument, str) else argument
    own = resolver.value(variables)

    def filled(match: Any) -> str:
        name, _, attribute = match.group(1).partition(".")
        return str(
            own[match.group(1)] if match.group(1) in own else resolver.reference(name, attribute)
        )

    return PLACEHOLDER.sub(filled, text).replace("${!", "${")


def _join(resolver: Resolver, argument: Any) -> Any:
    separator, parts = resolver.value(argument)
    if isinstance(parts, list) and all(isinstance(one, str) for one in parts):
        return separator.join(parts)
    return {"Fn::Join": [separator, parts]}


def _split(resolver: Resolver, argument: Any) -> Any:
    separator, text = resolver.value(argument)
    if isinstance(text, str) and OPEN not in text:
        return text.split(separator)
    return {"Fn::Split": [separator, text]}


def _select(resolver: Resolver, argument: Any) -> Any:
    index, items = resolver.value(argument)
    return items[int(index)] if isinstance(items, list) else f"{OPEN}{index} of {items}{CLOSE}"


def _find_in_map(resolver: Resolver, argument: Any) -> Any:
    name, *keys = resolver.value(argument)
    found: Any = resolver.template.get("Mappings", {}).get(name)
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return f"{OPEN}{name} {keys}{CLOSE}" if found is None else found


def _if(resolver: Resolver, argument: Any) -> Any:
    condition, when_true, when_false = argument
    return resolver.value(when_true if resolver.holds(condition) else when_false)


FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    "Ref": lambda resolver, argument: resolver.reference(argument),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
}
"""Other functions stay as they are, with their arguments resolved."""
