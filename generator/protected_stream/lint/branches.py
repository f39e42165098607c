"""CloudFormation Conditions: the resources for every combination of the conditions."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from protected_stream.lint.properties import ABSENT, Property, Resource

MOST_CHOICES = 6
"""The most independent conditions that are checked in every combination: 64 templates."""


class TooManyChoicesError(ValueError):
    """The template has too many combinations of conditions to check."""


@dataclass(frozen=True)
class Choices:
    """Which of a template's conditions are true.

    Conditions made of others (And, Or, Not) follow from them; the others are chosen freely.
    """

    conditions: Mapping[str, Any]
    """The Conditions section of the template."""
    chosen: Mapping[str, bool]
    """The chosen values, by the expression's JSON."""

    def holds(self, name: str) -> bool:
        """Whether the condition with that name is true."""
        return self._true(self.conditions.get(name, {"Undeclared": name}))

    def _true(self, expression: Any) -> bool:
        match expression:
            case {"Condition": name}:
                return self.holds(name)
            case {"Fn::Not": [inner]}:
                return not self._true(inner)
            case {"Fn::And": [*parts]}:
                return all(self._true(part) for part in parts)
            case {"Fn::Or": [*parts]}:
                return any(self._true(part) for part in parts)
            case _:
                return self.chosen[json.dumps(expression, sort_keys=True)]


def branches(template: Mapping[str, Any], types: Collection[str]) -> Iterator[tuple[Resource, ...]]:
    """The resources of those types, once for each possible combination of their conditions.

    Fn::If is replaced by the branch that is taken, AWS::NoValue properties are absent, and a
    resource whose own condition is false is left out.

    Raises:
        TooManyChoicesError: there are more than MOST_CHOICES independent conditions.

    Source: AWS CloudFormation User Guide, "Condition functions", "Pseudo parameters reference".
    """
    resources = {
        name: resource
        for name, resource in template.get("Resources", {}).items()
        if isinstance(resource, Mapping) and resource.get("Type") in types
    }
    conditions = template.get("Conditions", {})
    free = sorted(_free(_used(resources), conditions))
    if len(free) > MOST_CHOICES:
        raise TooManyChoicesError(
            f"The media resources depend on {len(free)} independent conditions; "
            f"at most {MOST_CHOICES} can be checked in every combination. "
            "Resolve some when generating."
        )
    for values in product((True, False), repeat=len(free)):
        chosen = dict(zip(free, values, strict=True))
        if _is_possible(chosen, template.get("Parameters", {})):
            yield tuple(_decided(resources, Choices(conditions, chosen)))


def _is_possible(chosen: Mapping[str, bool], parameters: Mapping[str, Any]) -> bool:
    """Whether some values of the parameters lead to these conditions.

    A parameter equals one value at most; and one of its AllowedValues, if it has any.
    """
    compared: dict[str, dict[str, bool]] = {}
    for expression, holds in chosen.items():
        match json.loads(expression):
            case {"Fn::Equals": [{"Ref": str(name)}, str(value)]} | {
                "Fn::Equals": [str(value), {"Ref": str(name)}]
            }:
                compared.setdefault(name, {})[value] = holds
    for name, values in compared.items():
        equal = {value for value, holds in values.items() if holds}
        allowed = set(map(str, parameters.get(name, {}).get("AllowedValues", ())))
        left = allowed - values.keys()
        if len(equal) > 1 or (allowed and not (equal <= allowed and (equal or left))):
            return False
    return True


def _decided(resources: Mapping[str, Any], choices: Choices) -> Iterator[Resource]:
    for name, resource in resources.items():
        if "Condition" not in resource or choices.holds(resource["Condition"]):
            properties = _resolved(resource.get("Properties", {}), choices)
            yield Resource(resource["Type"], Property(name, "", properties))


def _resolved(value: Any, choices: Choices) -> Any:
    match value:
        case list():
            return [_resolved(item, choices) for item in value]
        case {"Ref": "AWS::NoValue"}:
            return ABSENT
        case {"Fn::If": [str(name), yes, no]}:
            return _resolved(yes if choices.holds(name) else no, choices)
        case dict():
            members = ((key, _resolved(inner, choices)) for key, inner in value.items())
            return {key: inner for key, inner in members if inner is not ABSENT}
    return value


def _used(value: Any) -> Iterator[Any]:
    """The conditions that resources and Fn::If refer to, as expressions."""
    match value:
        case list():
            for item in value:
                yield from _used(item)
        case dict():
            match value:
                case {"Condition": str(name)} | {"Fn::If": [str(name), *_]}:
                    yield {"Condition": name}
            for inner in value.values():
                yield from _used(inner)


def _free(expressions: Iterator[Any], conditions: Mapping[str, Any]) -> set[str]:
    """The conditions that do not follow from others, as JSON."""
    found = set()
    for expression in expressions:
        match expression:
            case {"Condition": name}:
                inner = [conditions.get(name, {"Undeclared": name})]
                found |= _free(iter(inner), conditions)
            case {"Fn::Not": parts} | {"Fn::And": parts} | {"Fn::Or": parts}:
                found |= _free(iter(parts), conditions)
            case _:
                found.add(json.dumps(expression, sort_keys=True))
    return found
