"""Mutation operators: each mutation makes one mistake in the generated template."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.cloudformation.dependencies import dependencies
from preview.cloudformation.schemas import is_custom, paths, schema_of
from tests.mutation.settings import SETTINGS
from tests.mutation.templates import Path, Template, changed_to, named, walk, without

Needs = Mapping[str, frozenset[str]]
REFERRING = ("Resources", "Outputs")
POLICY_KEYS = ("AssumeRolePolicyDocument", "PolicyDocument", "Policy")
LOCKS = ("AWS::MediaPackageV2::OriginEndpointPolicy", "AWS::S3::BucketPolicy")


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One mistake."""

    operator: str
    place: str
    """Which part of the template is wrong, and how."""
    template: Template = field(repr=False, compare=False)
    late: str = ""
    """The resource that reveals the mistake if it is created as late as its dependents allow."""

    @property
    def owner(self) -> str:
        """The logical ID of what is wrong, or the template's section, such as Outputs."""
        return re.split(r"[/: ]", self.place)[0]

    def __str__(self) -> str:
        return f"{self.operator}: {self.place}"


def mutations(template: Template) -> Iterator[Mutation]:
    """Every mistake of every operator."""
    for operator, mistakes in OPERATORS.items():
        for place, mutated in mistakes(template):
            late = place.rpartition(" ")[2] if operator == "DependsOn" else ""
            yield Mutation(operator=operator, place=place, template=mutated, late=late)


def _references(template: Template) -> Iterator[tuple[str, Template]]:
    """Every Ref, GetAtt and placeholder of a Sub, pointed at another resource or parameter."""
    needs = _needs(template)
    for path, value in walk(template):
        if not isinstance(value, dict) or len(path) < 2 or path[0] not in REFERRING:
            continue
        owner = str(path[1]) if path[0] == "Resources" else None
        for kind, name, attribute, pointed in _pointers(value):
            for other in _others(template, needs, owner, name, attribute):
                shown = ".".join(filter(None, (name, attribute)))
                yield (
                    f"{named(path)}: {kind} {shown} -> {'.'.join(other)}",
                    changed_to(template, path, pointed(other)),
                )


def _pointers(
    value: Mapping[str, Any],
) -> Iterator[tuple[str, str, str, Callable[[tuple[str, ...]], Any]]]:
    """Kind, name and attribute of a function's target, and how to point it elsewhere."""
    if len(value) != 1:
        return
    ((function, argument),) = value.items()
    if function == "Ref" and argument != "AWS::NoValue":
        yield "Ref", argument, "", _function
    elif function == "Fn::GetAtt":
        yield "GetAtt", argument[0], ".".join(argument[1:]), _function
    elif function == "Fn::Sub":
        text, variables = (argument, {}) if isinstance(argument, str) else argument
        for found in re.findall(r"\$\{([^!}]+)\}", text):
            if found not in variables:
                name, _, attribute = found.partition(".")
                placeholder = functools.partial(_placeholder, text, variables, found)
                yield "Sub", name, attribute, placeholder


def _function(other: tuple[str, ...]) -> Any:
    return {"Ref": other[0]} if len(other) == 1 else {"Fn::GetAtt": list(other)}


def _placeholder(text: str, variables: Any, found: str, other: tuple[str, ...]) -> Any:
    pointed = text.replace(f"${{{found}}}", f"${{{'.'.join(other)}}}")
    return {"Fn::Sub": [pointed, variables]}


def _others(
    template: Template, needs: Needs, owner: str | None, name: str, attribute: str
) -> Iterator[tuple[str, ...]]:
    """Other targets without a circular dependency: one of the same type, and one of another."""
    if name.startswith("AWS::"):
        yield next((one,) for one in template["Resources"] if _is_free(needs, owner, one))
        return
    if name in template["Parameters"]:
        yield next((other,) for other in template["Parameters"] if other != name)
        return
    resources = template["Resources"]
    free = [one for one in resources if one != name and _is_free(needs, owner, one)]
    with_it = [one for one in free if not attribute or attribute in _attributes(resources[one])]
    kind = resources[name]["Type"]
    alike = [one for one in with_it if resources[one]["Type"] == kind]
    unlike = [one for one in with_it if resources[one]["Type"] != kind]
    for choice in (alike[:1], unlike[:1]):
        for one in choice:
            yield (one, attribute) if attribute else (one,)
    if not with_it and free:
        yield (free[0],)


def _attributes(resource: Mapping[str, Any]) -> list[str]:
    if is_custom(resource["Type"]):
        return []
    return paths(schema_of(resource["Type"], "us-east-1"), "readOnlyProperties")


def _needs(template: Template) -> Needs:
    """What each resource depends on, directly or indirectly."""
    direct = {name: dependencies(one) for name, one in template["Resources"].items()}

    @functools.cache
    def of(name: str) -> frozenset[str]:
        mine = direct.get(name, frozenset())
        return mine.union(*map(of, mine))

    return {name: of(name) for name in direct}


def _is_free(needs: Needs, owner: str | None, other: str) -> bool:
    """Whether `owner` may refer to `other` without a circular dependency."""
    return owner != other and owner not in needs[other]


def _behaviors(template: Template) -> Iterator[tuple[str, Template]]:
    """Every pair of a distribution's cache behaviors swapped."""
    for path, value in walk(template):
        if path[-1:] != ("CacheBehaviors",):
            continue
        for left, right in itertools.combinations(range(len(value)), 2):
            swapped = list(value)
            swapped[left], swapped[right] = swapped[right], swapped[left]
            yield f"{named(path)}: {left} and {right} swapped", changed_to(template, path, swapped)


def _statements(template: Template) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, value in walk(template["Resources"], ("Resources",)):
        if len(path) >= 3 and path[-2] == "Statement" and path[-3] in POLICY_KEYS:
            yield path, value


def _policy_statements(template: Template) -> Iterator[tuple[str, Template]]:
    """Every statement removed from every policy; a policy with one is left without any."""
    for path, _ in _statements(template):
        yield f"{named(path)} removed", without(template, path)


def _policy_actions(template: Template) -> Iterator[tuple[str, Template]]:
    """Every action removed from every statement that has others."""
    for path, statement in _statements(template):
        for place, action in enumerate(statement["Action"]):
            if len(statement["Action"]) > 1:
                inner = (*path, "Action", place)
                yield f"{named(path)}: {action} removed", without(template, inner)


def _policy_conditions(template: Template) -> Iterator[tuple[str, Template]]:
    """Every condition removed from every statement."""
    for path, statement in _statements(template):
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                inner: Path = (*path, "Condition", operator, key)
                if len(keys) == 1:
                    inner = (*path, "Condition", operator)
                if len(keys) == 1 and len(statement["Condition"]) == 1:
                    inner = (*path, "Condition")
                yield f"{named(path)}: condition {key} removed", without(template, inner)


def _depends_on(template: Template) -> Iterator[tuple[str, Template]]:
    """Every DependsOn removed."""
    for name, resource in template["Resources"].items():
        stated = resource.get("DependsOn", [])
        names = [stated] if isinstance(stated, str) else stated
        for left_out in names:
            rest = [one for one in names if one != left_out]
            path = ("Resources", name, "DependsOn")
            yield f"{name} without DependsOn {left_out}", changed_to(template, path, rest)


def _removed(*types: str) -> Callable[[Template], Iterator[tuple[str, Template]]]:
    def mistakes(template: Template) -> Iterator[tuple[str, Template]]:
        for name, resource in template["Resources"].items():
            if resource["Type"] in types:
                yield f"{name} removed", without(template, ("Resources", name))

    return mistakes


def _rules(template: Template) -> Iterator[tuple[str, Template]]:
    """Every Rule removed."""
    for name in template.get("Rules", {}):
        yield f"{name} removed", without(template, ("Rules", name))


OPERATORS: Mapping[str, Callable[[Template], Iterator[tuple[str, Template]]]] = {
    "reference": _references,
    "behavior order": _behaviors,
    "policy statement": _policy_statements,
    "policy action": _policy_actions,
    "policy condition": _policy_conditions,
    "DependsOn": _depends_on,
    "permission": _removed("AWS::Lambda::Permission"),
    "rule": _rules,
    "resource policy": _removed(*LOCKS),
    **SETTINGS,
}
