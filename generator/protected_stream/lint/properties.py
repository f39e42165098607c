"""The properties of a resource as a check reads them: every value with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import Rule


class Absence(Enum):
    """What stands where no value is."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT


def is_expression(value: Any) -> bool:
    """Whether only a deployment will tell the value: an intrinsic function, a dynamic reference.

    Source: AWS CloudFormation User Guide, "Intrinsic function reference", "Dynamic references".
    """
    if isinstance(value, str):
        return "{{resolve:" in value
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (name,) = value
    return str(name) == "Ref" or str(name).startswith("Fn::")


def has_expression(value: Any) -> bool:
    """Whether the value is an expression, or one is within it."""
    if is_expression(value):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(has_expression(item) for item in inner)


@dataclass(frozen=True)
class Property:
    """A value of a resource, and where it stands.

    What is below an expression is as unknown as the expression: going there answers unknown
    values, so that no check mistakes them for absent ones.
    """

    resource: str
    """Logical ID."""
    path: str
    """Such as "EncoderSettings.VideoDescriptions[2].Name"; empty for all properties together."""
    value: Any
    """Plain data, or ABSENT."""

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rpartition(".")[2]

    @property
    def is_absent(self) -> bool:
        """Whether there is no such property."""
        return self.value is ABSENT

    @property
    def is_unknown(self) -> bool:
        """Whether only a deployment will tell the value."""
        return is_expression(self.value)

    @property
    def text(self) -> str | None:
        """The string that is written here; None for everything else."""
        return self.value if isinstance(self.value, str) and not self.is_unknown else None

    @property
    def number(self) -> int | float | None:
        """The number that is written here; None for everything else."""
        return self.value if type(self.value) in (int, float) else None

    def at(self, *names: str) -> "Property":
        """The property that the names lead to, one within the other."""
        found = self
        for name in names:
            found = found._member(name)
        return found

    def members(self) -> Iterator["Property"]:
        """What stands in a mapping."""
        if isinstance(self.value, dict) and not self.is_unknown:
            yield from (self._member(name) for name in self.value)

    def each(self) -> Iterator["Property"]:
        """What stands in a list; an unknown list has one unknown item."""
        items = [self.value] if self.is_unknown else self.value
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if item is not ABSENT:
                yield Property(self.resource, f"{self.path}[{index}]", item)

    def below(self, name: str) -> Iterator["Property"]:
        """Every property of that name, at any depth."""
        if self.is_unknown:
            yield self._member(name)
            return
        for inner in (*self.members(), *self.each()):
            if inner.name == name:
                yield inner
            else:
                yield from inner.below(name)

    def finding(self, rule: Rule, message: str) -> Finding:
        """What a check has to say of this property, by the rule that it breaks."""
        return Finding(rule, self.resource, self.path, message)

    def _member(self, name: str) -> "Property":
        path = f"{self.path}.{name}" if self.path else name
        if self.is_unknown:
            return Property(self.resource, path, self.value)
        value = self.value.get(name, ABSENT) if isinstance(self.value, dict) else ABSENT
        return Property(self.resource, path, value)


@dataclass(frozen=True)
class Resource:
    """A resource of a template in which every condition is decided."""

    type: str
    properties: Property

    @property
    def name(self) -> str:
        """Its logical ID."""
        return self.properties.resource
