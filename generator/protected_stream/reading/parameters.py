"""CloudFormation template parameters: what a template asks for, and the values in a file."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.errors import BuildError, printable

LONGEST_VALUE = 4096
"""Bytes. Source: AWS CloudFormation User Guide, "Quotas", parameter value."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter that a template declares."""

    name: str
    label: str
    """What the console calls it."""
    heading: str
    """The console's group of parameters that it belongs to."""
    description: str
    default: str | None
    is_secret: bool
    """Whether CloudFormation hides its value (NoEcho)."""
    pattern: str
    choices: tuple[str, ...]
    shortest: int
    longest: int
    constraint: str
    """What a value must be, as CloudFormation says when it refuses one."""

    def objection(self, value: str) -> str:
        """Why CloudFormation would refuse the value, without the value; empty if it would not.

        Source: AWS CloudFormation User Guide, "Parameters": a pattern applies to the whole value.
        """
        fits = (
            (not self.choices or value in self.choices)
            and (not self.pattern or re.fullmatch(self.pattern, value))
            and self.shortest <= len(value) <= self.longest
        )
        if not fits:
            return f"{self.name} {self._requirement()}."
        if len(value.encode()) > LONGEST_VALUE:
            return f"{self.name} has more than {LONGEST_VALUE:,} bytes."
        return ""

    def _requirement(self) -> str:
        if self.constraint:
            return self.constraint
        if self.choices:
            return f"must be {' or '.join(self.choices)}"
        return f"must match {self.pattern}"

    def is_absent(self, value: str | None) -> bool:
        """Whether there is no value: none at all, or an empty one that the template refuses.

        The file that the build writes to fill in has empty values.
        """
        return value is None or (value == "" and bool(self.objection("")))


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Values of a file, as far as they suit a template."""

    values: Mapping[str, str]
    """Those that can be used, by name; the others' defaults are not among them."""
    new: tuple[str, ...]
    """Parameters of the template that the file does not have."""
    gone: tuple[str, ...]
    """Names in the file that the template does not have."""
    objections: tuple[str, ...]
    """Sentences about values that the template refuses."""


def declared(document: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The template's parameters, in its order."""
    interface = document.get("Metadata", {}).get("AWS::CloudFormation::Interface", {})
    labels = interface.get("ParameterLabels", {})
    headings = {
        name: group["Label"]["default"]
        for group in interface.get("ParameterGroups", ())
        for name in group["Parameters"]
    }
    return tuple(
        Parameter(
            name=name,
            label=labels.get(name, {}).get("default", name),
            heading=headings.get(name, ""),
            description=one.get("Description", ""),
            default=None if "Default" not in one else str(one["Default"]),
            is_secret=str(one.get("NoEcho", "false")).lower() == "true",
            pattern=one.get("AllowedPattern", ""),
            choices=tuple(map(str, one.get("AllowedValues", ()))),
            shortest=int(one.get("MinLength", 0)),
            longest=int(one.get("MaxLength", LONGEST_VALUE)),
            constraint=one.get("ConstraintDescription", ""),
        )
        for name, one in document.get("Parameters", {}).items()
    )


def parsed(text: str, file: str) -> dict[str, str]:
    """The values of a file in the format of `--parameter-overrides`: a JSON list of Name=Value.

    Raises:
        BuildError: it is something else, or has a name twice; the message has no value of it.
    """
    try:
        listed = json.loads(text)
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BuildError(f"{file}: is not JSON{where}.") from None
    if not isinstance(listed, list) or not all(
        isinstance(one, str) and "=" in one for one in listed
    ):
        raise BuildError(f'{file}: is not a list of "Name=Value".')
    values: dict[str, str] = {}
    for name, _, value in (one.partition("=") for one in listed):
        if name in values:
            raise BuildError(f"{file}: has {printable(name)} twice: remove one of them.")
        values[name] = value
    return values


def merged(parameters: tuple[Parameter, ...], values: Mapping[str, str]) -> Merge:
    """What of the values suits the parameters."""
    present = [one for one in parameters if not one.is_absent(values.get(one.name))]
    objections = {one.name: one.objection(values[one.name]) for one in present}
    names = [one.name for one in parameters]
    return Merge(
        values={one.name: values[one.name] for one in present if not objections[one.name]},
        new=tuple(name for name in names if name not in values),
        gone=tuple(name for name in values if name not in names),
        objections=tuple(filter(None, objections.values())),
    )


def missing(parameters: tuple[Parameter, ...], values: Mapping[str, str]) -> Iterator[Parameter]:
    """The parameters with neither a value nor a default."""
    return (one for one in parameters if one.default is None and one.name not in values)


def file_text(parameters: tuple[Parameter, ...], values: Mapping[str, str]) -> str:
    """A file with the values, or defaults, of the parameters that have one."""
    lines = [
        f"{one.name}={values.get(one.name, one.default)}"
        for one in parameters
        if one.name in values or one.default is not None
    ]
    return json.dumps(lines, indent=2, ensure_ascii=False) + "\n"


def one_line(text: str) -> str:
    """The text in one line; a key in PEM stays one if spaces replace its line breaks."""
    return " ".join(text.split("\n")).strip()


def for_change_set(
    parameters: tuple[Parameter, ...], values: Mapping[str, str], deployed: Collection[str]
) -> list[dict[str, Any]]:
    """The parameters of a change set; a value that is left out stays as deployed.

    Args:
        parameters: the template's.
        values: by name.
        deployed: the names of the deployed stack's parameters; none for a new stack.

    Raises:
        BuildError: a parameter has neither a value, nor a deployed one, nor a default.
    """
    former = [one.name for one in parameters if one.name in deployed and one.name not in values]
    without = [one.name for one in missing(parameters, values) if one.name not in former]
    if without:
        raise BuildError(
            f"No value for {', '.join(without)}: `protected-stream parameters` asks for what is "
            "missing."
        )
    return [
        *({"ParameterKey": name, "ParameterValue": value} for name, value in values.items()),
        *({"ParameterKey": name, "UsePreviousValue": True} for name in former),
    ]
