"""What the stack has created: one resource, with all its expressions resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

Properties = dict[str, Any]


@dataclass(kw_only=True)
class Resource:
    """A resource that exists in the previewed account."""

    logical_id: str
    type: str
    """CloudFormation's name of the type, such as `AWS::S3::Bucket`."""
    properties: Properties
    """Without expressions: every Ref and every function replaced by its value."""
    ref: str = ""
    """What `Ref` answers: the physical id."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What `Fn::GetAtt` answers, by the attribute's name."""
    needs: frozenset[str] = frozenset()
    """The logical IDs that it depends on: it is deleted before them."""
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"

    def with_properties(self, properties: Properties) -> Self:
        """The same resource with other properties."""
        return replace(self, properties=properties)
