"""Resource properties as the checks read them: every value with its path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import Rule


class Absence(Enum):
    """The type of ABSENT, which marks a missing value."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT

WHOLE = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+\.\d+")
BOOLEANS = {"true": True, "false": False}


def is_expression(value: Any) -> bool:
    """Whether the value is known only at deployment: an intrinsic function, a dynamic reference.

    Source: AWS CloudFormation User Guide, "Intrinsic function reference", "Dynamic references".
    """
    if isinstance(value, str):
        return "{{resolve:" in value
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (name,) = value
    return str(name) == "Ref" or str(name).startswith("Fn::")


def converted(value: Any) -> Any:
    """The number or boolean that a string stands for; any other value as it is.

    CloudFormation accepts both as strings: parameters of type String are given to numbers and
    booleans.

    Source: cfn-lint, rule E3012, which converts them too unless it is strict.
    """
    if not isinstance(value, str):
        return value
    if WHOLE.fullmatch(value):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value) else BOOLEANS.get(value, value)


def has_expression(value: Any) -> bool:
    """Whether the value is an expression or contains one."""
    if is_expression(value):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(has_expression(item) for item in inner)


@dataclass(frozen=True)
class Property:
    """A value of a resource, and its path.

    Everything below an expression is as unknown as the expression itself, so that no check
    mistakes it for absent.
    """

    resource: str
    """Logical ID."""
    path: str
    """Such as "EncoderSettings.VideoDescriptions[2].Name"; empty for all properties."""
    value: Any
    """Plain data, or ABSENT."""

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rpartition(".")[2]

    @property
    def is_absent(self) -> bool:
        """Whether the property is missing."""
        return self.value is ABSENT

    @property
    def is_empty(self) -> bool:
        """Whether the property is missing, or says nothing: the console writes empty lists."""
        if isinstance(self.value, list):
            return not any(self.each())
        return self.is_absent or self.value in ("", {})

    @property
    def is_unknown(self) -> bool:
        """Whether the value is known only at deployment."""
        return is_expression(self.value)

    @property
    def text(self) -> str | None:
        """The literal string; None for everything else."""
        return self.value if isinstance(self.value, str) and not self.is_unknown else None

    @property
    def number(self) -> int | float | None:
        """The literal number, which may be written as a string; None for everything else."""
        value = converted(self.value)
        return value if type(value) in (int, float) else None

    def at(self, *names: str) -> "Property":
        """The property at the path of these names."""
        found = self
        for name in names:
            found = found._member(name)
        return found

    def members(self) -> Iterator["Property"]:
        """The properties in a mapping."""
        if isinstance(self.value, dict) and not self.is_unknown:
            yield from (self._member(name) for name in self.value)

    def each(self) -> Iterator["Property"]:
        """The items of a list; an unknown list has one unknown item."""
        items = [self.value] if self.is_unknown else self.value
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if item is not ABSENT:
                yield Property(self.resource, f"{self.path}[{index}]", item)

    def below(self, name: str) -> Iterator["Property"]:
        """Every property with that name, at any depth."""
        if self.is_unknown:
            yield self._member(name)
            return
        for inner in (*self.members(), *self.each()):
            if inner.name == name:
                yield inner
            else:
                yield from inner.below(name)

    def finding(self, rule: Rule, message: str) -> Finding:
        """A finding about this property, with the rule that it violates."""
        return Finding(rule, self.resource, self.path, message)

    def _member(self, name: str) -> "Property":
        path = f"{self.path}.{name}" if self.path else name
        if self.is_unknown:
            return Property(self.resource, path, self.value)
        value = self.value.get(name, ABSENT) if isinstance(self.value, dict) else ABSENT
        return Property(self.resource, path, value)


@dataclass(frozen=True)
class Resource:
    """A resource of a template after its conditions are resolved."""

    type: str
    properties: Property

    @property
    def name(self) -> str:
        """Its logical ID."""
        return self.properties.resource
