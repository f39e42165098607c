"""CloudFormation change sets: what a template would change, before anything is changed.

A reference to something that does not exist yet, or whose attributes may change with it, has a
value that CloudFormation knows only while it changes the stack: such a change is `Dynamic`.

Source: CloudFormation API Reference, "ResourceChange" and "ResourceChangeDetail".
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.cloudformation.dependencies import dependencies, ordered
from preview.cloudformation.expressions import Scope
from preview.cloudformation.intrinsic_functions import attributes, references
from preview.cloudformation.schemas import is_custom, paths, schema_of
from preview.cloudformation.stack import wanted_resources
from preview.cloudformation.update_behavior import changed
from preview.errors import PreviewError
from preview.resource import Resource

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-view.html"""
ATTRIBUTES = ("Metadata", "DeletionPolicy", "UpdateReplacePolicy")
"""What else of a resource can change."""
KEPT = ("Retain", "RetainExceptOnCreate")

Template = Mapping[str, Any]
Change = dict[str, Any]


class _Unknown(dict[str, Any]):
    """The attributes of a resource that does not exist yet."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> Any:
        return UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A template with its parameter values."""

    template: Template
    parameters: Mapping[str, str]


NOTHING = Deployed(template={"Resources": {}}, parameters={})
"""Before the stack is created."""


@dataclass(kw_only=True)
class Plan:
    """What a template would change in a stack."""

    now: Deployed
    then: Deployed
    scope: Scope
    """Of the template that is planned, with the stack's resources."""
    region: str
    _modified: set[str] = field(default_factory=set)

    def changes(self) -> list[Change]:
        """The changes, as `DescribeChangeSet` lists them.

        Raises:
            Rejected: the template is wrong.
            NotSupported: the preview does not support it.
        """
        wanted = wanted_resources(self.then.template, self.scope)
        existing = dict(self.scope.resources)
        resources = dict(existing)
        self.scope = dataclasses.replace(self.scope, resources=resources)
        found = []
        for name in ordered({name: dependencies(one) for name, one in wanted.items()}):
            definition, old = wanted[name], existing.get(name)
            if old is None:
                self._value(definition.get("Properties", {}))
                self._modified.add(name)
                resources[name] = _future(name, definition)
                found.append(_change("Add", name, definition["Type"]))
            elif change := self._modified_as(old, definition):
                self._modified.add(name)
                if change["Replacement"] == "True":
                    resources[name] = _future(name, definition)
                found.append(change)
        for name, old in existing.items():
            if name not in wanted:
                kept = "Retain" if old.deletion_policy in KEPT else "Delete"
                found.append(
                    _change("Remove", name, old.type, PhysicalResourceId=old.ref, PolicyAction=kept)
                )
        return found

    def _value(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties; one whose value cannot be known yet is `UNKNOWN`."""
        values = {}
        for name, expression in properties.items():
            try:
                found = self.scope.value({name: expression})
            except PreviewError:
                if not set(references(expression)) & self.scope.resources.keys():
                    raise
                found = {name: UNKNOWN}
            values.update(found)
        return values

    def _modified_as(self, old: Resource, definition: Mapping[str, Any]) -> Change | None:
        """The change of a resource that exists; None if nothing changes."""
        stated = definition.get("Properties", {})
        values = self._value(stated)
        details = [
            self._detail(old, name, values, stated.get(name))
            for name in sorted(values.keys() | old.properties.keys())
            if values.get(name) != old.properties.get(name)
        ]
        details += [
            one
            for name, expression in stated.items()
            if values.get(name) == old.properties.get(name)
            for one in self._attribute_details(old, name, expression)
        ]
        details += self._other_details(old.logical_id, definition)
        if not details:
            return None
        replacement = _replacement(details)
        change = _change(
            "Modify",
            old.logical_id,
            old.type,
            PhysicalResourceId=old.ref,
            Replacement=replacement,
            Scope=sorted({one["Target"]["Attribute"] for one in details}),
            Details=details,
        )
        if replacement == "True":
            kept = definition.get("UpdateReplacePolicy") in KEPT
            change["PolicyAction"] = "ReplaceAndRetain" if kept else "ReplaceAndDelete"
        return change

    def _detail(
        self, old: Resource, name: str, values: Mapping[str, Any], expression: Any
    ) -> dict[str, Any]:
        dynamic = UNKNOWN in str(values.get(name))
        return {
            "Target": {
                "Attribute": "Tags" if name == "Tags" else "Properties",
                "Name": name,
                "RequiresRecreation": self._recreation(old, name, values),
            },
            "Evaluation": "Dynamic" if dynamic else "Static",
            **self._source(old.logical_id, name, expression, dynamic=dynamic),
        }

    def _recreation(self, old: Resource, name: str, values: Mapping[str, Any]) -> str:
        """Whether the resource must be replaced, if the property changes.

        The function of a custom resource decides: it returns another physical ID, or the same.
        """
        if is_custom(old.type):
            return "Conditionally"
        immutable = paths(schema_of(old.type, self.region), "createOnlyProperties")
        affected = [path for path in immutable if path.partition(".")[0] == name]
        replaced = any(changed(old.properties, dict(values), path) for path in affected)
        return "Always" if replaced else "Never"

    def _source(
        self, resource: str, name: str, expression: Any, *, dynamic: bool
    ) -> dict[str, str]:
        """What causes the change: another resource, a parameter, or the template itself."""
        there = [one for one in references(expression) if one in self._modified]
        if dynamic and there:
            return {"ChangeSource": "ResourceReference", "CausingEntity": there[0]}
        before = self.now.template["Resources"].get(resource, {}).get("Properties", {})
        parameters = [
            one
            for one in references(expression)
            if one in self.then.parameters
            and self.then.parameters[one] != self.now.parameters.get(one)
        ]
        if parameters and before.get(name) == expression:
            return {"ChangeSource": "ParameterReference", "CausingEntity": parameters[0]}
        return {"ChangeSource": "DirectModification"}

    def _attribute_details(
        self, old: Resource, name: str, expression: Any
    ) -> Iterator[dict[str, Any]]:
        """A property that uses an attribute of a modified resource may change with it."""
        for resource, attribute in attributes(expression):
            if resource in self._modified:
                immutable = (
                    []
                    if is_custom(old.type)
                    else paths(schema_of(old.type, self.region), "createOnlyProperties")
                )
                always = any(path.partition(".")[0] == name for path in immutable)
                yield {
                    "Target": {
                        "Attribute": "Properties",
                        "Name": name,
                        "RequiresRecreation": "Always" if always else "Never",
                    },
                    "Evaluation": "Dynamic",
                    "ChangeSource": "ResourceAttribute",
                    "CausingEntity": f"{resource}.{attribute}",
                }

    def _other_details(self, name: str, definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        before = self.now.template["Resources"].get(name, {})
        for attribute in ATTRIBUTES:
            if definition.get(attribute) != before.get(attribute):
                yield {
                    "Target": {"Attribute": attribute, "RequiresRecreation": "Never"},
                    "Evaluation": "Static",
                    "ChangeSource": "DirectModification",
                }


def _replacement(details: list[dict[str, Any]]) -> str:
    known = {(one["Target"]["RequiresRecreation"], one["Evaluation"]) for one in details}
    if ("Always", "Static") in known:
        return "True"
    return "False" if {recreation for recreation, _ in known} == {"Never"} else "Conditional"


def _future(name: str, definition: Mapping[str, Any]) -> Resource:
    return Resource(
        logical_id=name,
        type=definition["Type"],
        properties={},
        ref=UNKNOWN,
        attributes=_Unknown(),
    )


def _change(action: str, name: str, kind: str, **more: Any) -> Change:
    return {
        "Action": action,
        "LogicalResourceId": name,
        "ResourceType": kind,
        "Scope": [],
        "Details": [],
        **more,
    }
