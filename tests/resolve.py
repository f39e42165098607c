"""Intrinsic functions resolved as in one stack, for tests that compare names and paths."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.cloudformation.expressions import Scope
from preview.cloudformation.physical_ids import identify
from preview.cloudformation.schemas import is_custom
from preview.resource import Resource
from preview.stack_id import StackId

Template = Mapping[str, Any]
HOSTS = {"MediaOriginHost": "bucket.s3.us-east-1.us-east-1.amazonaws.com"}
"""Of parameters of which expressions take parts."""
TAKEN_APART = {"ExistingUserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/"}
"""By parameter: what its value must begin with, because the template splits it."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack that is never created: its resources have the physical IDs that the preview gives."""

    template: Template
    name: str = "live"
    region: str = "us-east-1"
    uuid: str = "1a2b3c4d-0000-4000-8000-0123456789ab"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Values of GetAtt that a test needs to know, by "Resource.Attribute"."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Values of Ref that a test needs to know, by logical ID of a resource or parameter."""

    def value(self, expression: Any) -> Any:
        """The expression in this stack."""
        return self._scope.value(expression)

    def properties(self, title: str) -> dict[str, Any]:
        """The resource's properties, with every expression resolved."""
        return dict(self.value(self.template["Resources"][title].get("Properties", {})))

    @functools.cached_property
    def stack_id(self) -> StackId:
        """What its pseudo parameters are taken from."""
        return StackId(name=self.name, region=self.region, uuid=self.uuid)

    @functools.cached_property
    def _scope(self) -> Scope:
        parameters = {
            name: HOSTS.get(name, f"{TAKEN_APART.get(name, '')}parameter-{name}")
            for name in self.template["Parameters"]
        }
        return Scope(
            names={**parameters, **self.stack_id.pseudo_parameters, **self.ids},
            mappings=self.template.get("Mappings", {}),
            conditions=self.template.get("Conditions", {}),
            resources=_Resources(self),
        )


class _Resources(Mapping[str, Resource]):
    """The stack's resources by logical ID, each identified when it is first referred to."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._identified: dict[str, Resource] = {}

    def __getitem__(self, title: str) -> Resource:
        if title not in self._identified:
            self._identified[title] = self._new(title)
        return self._identified[title]

    def __contains__(self, title: object) -> bool:
        return title in self._stack.template["Resources"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stack.template["Resources"])

    def __len__(self) -> int:
        return len(self._stack.template["Resources"])

    def _new(self, title: str) -> Resource:
        resource = Resource(
            logical_id=title,
            type=self._stack.template["Resources"][title]["Type"],
            properties=self._stack.properties(title),
        )
        identify(resource, self._stack.stack_id, generation=0)
        known = {
            name.partition(".")[2]: value
            for name, value in self._stack.attributes.items()
            if name.startswith(f"{title}.")
        }
        resource.attributes = {**resource.attributes, **known}
        if is_custom(resource.type):
            resource.attributes = _AnyAttribute(title, resource.attributes)
        return resource


class _AnyAttribute(dict[str, Any]):
    """A custom resource answers any attribute: only its function knows which there are."""

    def __init__(self, title: str, known: Mapping[str, Any]) -> None:
        super().__init__(known)
        self._title = title

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"{self._title}.{name}"
