"""CloudFormation resource that the stack has created, with all its expressions resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

Properties = dict[str, Any]


@dataclass(kw_only=True)
class Resource:
    """A resource that exists in the previewed account."""

    logical_id: str
    type: str
    """The resource type, such as `AWS::S3::Bucket`."""
    properties: Properties
    """Without expressions: every Ref and every intrinsic function is replaced by its value."""
    ref: str = ""
    """What `Ref` returns: the physical ID."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What `Fn::GetAtt` returns, by attribute name."""
    needs: frozenset[str] = frozenset()
    """The logical IDs that it depends on: it is deleted before them."""
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"

    def with_properties(self, properties: Properties) -> Self:
        """The same resource with other properties."""
        return replace(self, properties=properties)


def values_at(properties: Any, path: list[str]) -> Iterator[Any]:
    """The values at a path; `*` stands for every item of a list."""
    if not path:
        yield properties
    elif path[0] == "*":
        for item in properties:
            yield from values_at(item, path[1:])
    elif isinstance(properties, Mapping) and path[0] in properties:
        yield from values_at(properties[path[0]], path[1:])
