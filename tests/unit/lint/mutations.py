"""Mechanical mutations of a template's media resources, generated from the SDK's models.

They are independent of a particular template and of the checks: ranges are read from the models
again, and every mutation says only which property was broken.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from protected_stream.lint.media import media_findings
from protected_stream.lint.requests.models import REQUESTS, request_shape
from protected_stream.lint.requests.requirements import EXEMPTIONS, REQUIREMENTS
from tests.unit.lint.example_stream import Document

Place = tuple[str | int, ...]
NUMBERS = ("integer", "long", "float", "double")
REMOVED = object()


@dataclass(frozen=True)
class Node:
    """A value in a template that a request's model describes."""

    resource: str
    service: str
    place: Place
    shape: Shape
    value: Any


@dataclass(frozen=True)
class Mutation:
    """A template with one property broken."""

    resource: str
    place: Place
    why: str
    template: Document

    @property
    def path(self) -> str:
        """The property as findings write it: "EncoderSettings.VideoDescriptions[2].Name"."""
        written = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place
        )
        return written.removeprefix(".")


def required_members_removed(template: Document) -> Iterator[Mutation]:
    """Every member that the model or the service requires, removed one at a time."""
    for node in _nodes(template):
        if isinstance(node.shape, StructureShape) and isinstance(node.value, dict):
            needed = [row.member for row in _demanded(node)] + list(node.shape.required_members)
            for member in sorted({*needed} - _spared(node)):
                if member in node.value:
                    yield _mutation(template, node, (member,), REMOVED)


def members_emptied(template: Document) -> Iterator[Mutation]:
    """Every member that the service requires, present but empty."""
    for node in _nodes(template):
        for row in _demanded(node) if isinstance(node.value, dict) else ():
            if row.member in node.value:
                empty: Any = [] if isinstance(node.value[row.member], list) else ""
                yield _mutation(template, node, (row.member,), empty)


def enums_replaced(template: Document) -> Iterator[Mutation]:
    """Every enumeration value replaced by one that is not a member."""
    for node in _nodes(template):
        if isinstance(node.shape, StringShape) and node.shape.enum and isinstance(node.value, str):
            for value in ("NO_SUCH_MEMBER", node.value.lower(), ""):
                yield _mutation(template, node, (), value)


def numbers_out_of_range(template: Document) -> Iterator[Mutation]:
    """Every number with a range, set to one below the minimum and one above the maximum."""
    for node in _nodes(template):
        if node.shape.type_name in NUMBERS and not isinstance(node.value, dict):
            for value in _just_outside(node.shape):
                yield _mutation(template, node, (), value)


def strings_of_wrong_length(template: Document) -> Iterator[Mutation]:
    """Every string with a length range, one character too short and one too long."""
    for node in _nodes(template):
        if isinstance(node.shape, StringShape) and not isinstance(node.value, dict):
            for length in _just_outside(node.shape):
                if length >= 0:
                    yield _mutation(template, node, (), "x" * length)


def patterns_missed(template: Document) -> Iterator[Mutation]:
    """Every string with a pattern, with characters that no pattern allows."""
    for node in _nodes(template):
        if node.shape.metadata.get("pattern"):
            yield _mutation(template, node, (), "not ä name!")


def unknown_members_added(template: Document) -> Iterator[Mutation]:
    """An extra member in every structure: one with an unknown name, and one in the wrong case."""
    for node in _nodes(template):
        if isinstance(node.shape, StructureShape) and isinstance(node.value, dict):
            yield _mutation(template, node, ("Surplus",), "x")
            for member in node.value:
                yield _mutation(template, node, (member[0].lower() + member[1:],), "x")


def types_changed(template: Document) -> Iterator[Mutation]:
    """Every value replaced by one of another type, including expressions."""
    for node in _nodes(template):
        if node.place:
            for value in _wrong_for(node.shape):
                if type(value) is not type(node.value):
                    yield _mutation(template, node, (), value)


def references_broken(template: Document) -> Iterator[Mutation]:
    """Every name and Ref that refers to another part or resource, made dangling."""
    for node in _nodes(template):
        names = NAMES[template["Resources"][node.resource]["Type"]]
        last = next((part for part in reversed(node.place) if isinstance(part, str)), "")
        if last in names and isinstance(node.shape, StringShape):
            if isinstance(node.value, str) or "Fn::Select" in node.value:
                yield _mutation(template, node, (), "nobody")
            if "Fn::Select" in node.value:
                yield _mutation(template, node, ("Fn::Select", 0), 0)
            if "Ref" in node.value:
                yield _mutation(template, node, (), {"Ref": node.resource})


def levels_too_low(template: Document) -> Iterator[Mutation]:
    """Every video at the lowest level of its codec, which is for pictures of 176 by 144.

    Source: Recommendations ITU-T H.264, Table A-1, and H.265, Table A.8.
    """
    for node in _nodes(template):
        for codec, level in LOWEST_LEVELS.items():
            if node.place[-1:] == (codec,):
                yield _mutation(template, node, ("Level",), level)


LOWEST_LEVELS = {"H264Settings": "H264_LEVEL_1", "H265Settings": "H265_LEVEL_1"}

MUTATIONS: Mapping[str, Callable[[Document], Iterator[Mutation]]] = {
    "required members removed": required_members_removed,
    "needed members emptied": members_emptied,
    "enums replaced": enums_replaced,
    "numbers out of range": numbers_out_of_range,
    "strings of wrong length": strings_of_wrong_length,
    "patterns missed": patterns_missed,
    "unknown members added": unknown_members_added,
    "types changed": types_changed,
    "references broken": references_broken,
    "levels too low": levels_too_low,
}

NAMES: Mapping[str, tuple[str, ...]] = {
    "AWS::MediaLive::Channel": (
        "VideoDescriptionName",
        "AudioDescriptionNames",
        "CaptionDescriptionNames",
        "AudioSelectorName",
        "CaptionSelectorName",
        "DestinationRefId",
        "InputId",
        "ChannelGroup",
        "ChannelName",
    ),
    "AWS::MediaLive::Input": ("InputSecurityGroups",),
    "AWS::MediaLive::InputSecurityGroup": (),
    "AWS::MediaPackageV2::ChannelGroup": (),
    "AWS::MediaPackageV2::Channel": ("ChannelGroupName",),
    "AWS::MediaPackageV2::OriginEndpoint": ("ChannelGroupName", "ChannelName"),
    "AWS::MediaPackageV2::OriginEndpointPolicy": (
        "ChannelGroupName",
        "ChannelName",
        "OriginEndpointName",
    ),
}
"""By resource type: the properties that refer to something else."""


def is_found(mutation: Mutation) -> bool:
    """Whether there is a finding at the broken property or above it."""
    return any(
        finding.resource == mutation.resource and is_at_or_above(finding.path, mutation.path)
        for finding in media_findings(mutation.template)
    )


def is_at_or_above(path: str, broken: str) -> bool:
    """Whether the path is the broken one, or leads to it."""
    return path != "" and (broken == path or broken.startswith((f"{path}.", f"{path}[")))


def _nodes(template: Document) -> Iterator[Node]:
    for name, resource in template["Resources"].items():
        if resource["Type"] in REQUESTS:
            service, _ = REQUESTS[resource["Type"]]
            shape = request_shape(resource["Type"])
            yield from _below(Node(name, service, (), shape, resource["Properties"]))


def _below(node: Node) -> Iterator[Node]:
    yield node
    inner: list[tuple[str | int, Shape, Any]] = []
    if isinstance(node.shape, StructureShape) and isinstance(node.value, dict):
        members = node.shape.members
        inner = [(key, members[key], value) for key, value in node.value.items() if key in members]
    elif isinstance(node.shape, ListShape) and isinstance(node.value, list):
        inner = [(index, node.shape.member, value) for index, value in enumerate(node.value)]
    elif isinstance(node.shape, MapShape) and isinstance(node.value, dict):
        inner = [(key, node.shape.value, value) for key, value in node.value.items()]
    for part, shape, value in inner:
        yield from _below(Node(node.resource, node.service, (*node.place, part), shape, value))


def _demanded(node: Node) -> list[Any]:
    return [row for row in REQUIREMENTS[node.service] if row.shape == node.shape.name]


def _spared(node: Node) -> set[str]:
    return {row.member for row in EXEMPTIONS[node.service] if row.shape == node.shape.name}


def _just_outside(shape: Shape) -> list[int]:
    """The numbers just outside the shape's range, from the model's metadata or the shape's name."""
    limits = {kind.lower(): value for kind, value in shape.metadata.items()}
    for kind, sign, digits in re.findall(r"(Min|Max)(Negative)?([0-9]+)", shape.name):
        limits.setdefault(kind.lower(), int(digits) * (-1 if sign else 1))
    below = [limits["min"] - 1] if "min" in limits else []
    return below + ([limits["max"] + 1] if "max" in limits else [])


def _wrong_for(shape: Shape) -> list[Any]:
    if shape.type_name in ("structure", "map"):
        return ["text", ["item"], 7]
    if shape.type_name in ("integer", "long"):
        return ["seven", 7.5, True, [7]]
    wrong: dict[str, list[Any]] = {
        "list": ["text", 7, {"a": 1, "b": 2}],
        "string": [["text"], {"a": 1, "b": 2}],
        "boolean": ["yes", 1, "ENABLED"],
        "timestamp": [7, "yesterday"],
    }
    return wrong.get(shape.type_name, ["7,5", False, [7.5]])


def _mutation(template: Document, node: Node, more: Place, value: Any) -> Mutation:
    place = (*node.place, *more)
    resource = template["Resources"][node.resource]
    properties = _replaced(resource["Properties"], place, value)
    changed = {**template["Resources"], node.resource: {**resource, "Properties": properties}}
    why = "removed" if value is REMOVED else f"set to {value!r:.40}"
    return Mutation(node.resource, place, why, {**template, "Resources": changed})


def _replaced(value: Any, place: Place, new: Any) -> Any:
    """A copy of the value, with the part at the place replaced or removed."""
    if not place:
        return new
    first, *rest = place
    if isinstance(value, list):
        copy: Any = list(value)
    else:
        copy = dict(value)
    if rest:
        copy[first] = _replaced(value[first], tuple(rest), new)
    elif new is REMOVED:
        del copy[first]
    else:
        copy[first] = new
    return copy
