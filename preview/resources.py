"""Resources of an account: those of its stack, and those that existed before it."""

from dataclasses import dataclass, field

from preview.errors import Rejected
from preview.resource import Resource


@dataclass(kw_only=True)
class Resources:
    """The resources that the stack has created and not yet deleted, and those that it is given."""

    by_logical_id: dict[str, Resource] = field(default_factory=dict)
    """The stack's resources."""
    leftovers: list[Resource] = field(default_factory=list)
    """Resources that were replaced or removed from the template, and are not yet deleted."""
    outside: list[Resource] = field(default_factory=list)
    """Resources that existed before the stack and that it uses, by its parameters."""

    def all(self) -> list[Resource]:
        """The stack's resources, those that it has yet to delete, and those that it is given."""
        return [*self.by_logical_id.values(), *self.leftovers, *self.outside]

    def of_type(self, resource_type: str) -> list[Resource]:
        """The resources of a type."""
        return [one for one in self.all() if one.type == resource_type]

    def one(self, resource_type: str, value: str, attribute: str | None = None) -> Resource:
        """The resource of a type with that Ref, or with that attribute value.

        Raises:
            Rejected: there is none.
        """
        for one in self.of_type(resource_type):
            if value == (one.attributes[attribute] if attribute else one.ref):
                return one
        raise Rejected(f"{value} is not an {resource_type} in this account.")
