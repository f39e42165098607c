"""SDK request models: checks of CloudFormation's requests to MediaLive and MediaPackage.

CloudFormation's own schemas of these types have little more than property names and types. The
property names are exactly those of the requests' members; a property without a member is an
attribute that only the service sets.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property, Resource, converted, has_expression
from protected_stream.lint.requests.bounds import bounds
from protected_stream.lint.requests.models import REQUESTS, request_shape
from protected_stream.lint.requests.requirements import optional_for_service, required_by_service
from protected_stream.lint.rules import Rule

NUMBERS: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
JSON_TEXT = "PolicyText"
"""A string in the request that a template may write as an object."""
TAGS = "TagMap"
"""A map in the request that a template writes as a list of Key and Value."""


def request_findings(resource: Resource) -> Iterator[Finding]:
    """Members that the service would reject: unknown, missing or wrong, at every depth."""
    service, _ = REQUESTS[resource.type]
    yield from _findings(service, request_shape(resource.type), resource.properties)


def _findings(service: str, shape: Shape, value: Property) -> Iterator[Finding]:
    if value.is_unknown:
        return
    if isinstance(shape, StructureShape):
        yield from _structure(service, shape, value)
    elif isinstance(shape, ListShape):
        yield from _list(service, shape, value)
    elif isinstance(shape, MapShape):
        yield from _map(service, shape, value)
    else:
        yield from _scalar(shape, value)


def _structure(service: str, shape: StructureShape, value: Property) -> Iterator[Finding]:
    if not isinstance(value.value, dict):
        yield _wrong(value, "an object")
        return
    for member in value.members():
        if member.name in shape.members:
            yield from _findings(service, shape.members[member.name], member)
        else:
            yield member.finding(Rule.UNKNOWN_MEMBER, _unknown(member.name, shape))
    optional = optional_for_service(service, shape.name)
    for name in shape.required_members:
        if value.at(name).is_absent and name not in optional:
            yield value.at(name).finding(
                Rule.MISSING_MEMBER, f"{name} is missing, and the request requires it."
            )
    for name in required_by_service(service, shape.name):
        if value.at(name).is_empty:
            yield value.at(name).finding(
                Rule.MISSING_FOR_SERVICE,
                f"{name} is missing or empty, and the service requires it.",
            )


def _list(service: str, shape: ListShape, value: Property) -> Iterator[Finding]:
    if not isinstance(value.value, list):
        yield _wrong(value, "a list")
        return
    items = list(value.each())
    if not bounds(shape).allow(len(items)):
        yield value.finding(
            Rule.WRONG_NUMBER_OF_ITEMS,
            f"The list has {len(items)} items; it must have {bounds(shape)}.",
        )
    for item in items:
        yield from _findings(service, shape.member, item)


def _map(service: str, shape: MapShape, value: Property) -> Iterator[Finding]:
    if isinstance(value.value, dict):
        for member in value.members():
            yield from _findings(service, shape.value, member)
    elif shape.name == TAGS and isinstance(value.value, list):
        for tag in value.each():
            for part, of in (("Key", shape.key), ("Value", shape.value)):
                if tag.at(part).is_absent:
                    yield tag.finding(Rule.INCOMPLETE_TAG, f"A tag needs a {part}.")
                else:
                    yield from _findings(service, of, tag.at(part))
    else:
        yield _wrong(value, "a list of tags" if shape.name == TAGS else "an object")


def _scalar(shape: Shape, value: Property) -> Iterator[Finding]:
    if isinstance(shape, StringShape):
        yield from _string(shape, value)
    elif shape.type_name in NUMBERS:
        yield from _number(shape, value)
    elif shape.type_name == "boolean" and not isinstance(converted(value.value), bool):
        yield _wrong(value, "true or false")
    elif shape.type_name == "timestamp" and not _is_timestamp(value.value):
        yield _wrong(value, "a time such as 2026-01-31T12:00:00Z")


def _string(shape: StringShape, value: Property) -> Iterator[Finding]:
    text = value.value
    if shape.name == JSON_TEXT and isinstance(text, dict):
        if has_expression(text):
            return
        text = json.dumps(text, separators=(",", ":"))
    elif shape.name != JSON_TEXT and isinstance(text, bool | int | float):
        text = json.dumps(text)  # CloudFormation accepts a number or boolean as a string
    if not isinstance(text, str):
        yield _wrong(value, "a string")
        return
    if shape.enum and text not in shape.enum:
        yield value.finding(
            Rule.NOT_IN_ENUMERATION, f'"{text}" is not one of {", ".join(shape.enum)}.'
        )
    if not bounds(shape).allow(len(text)):
        yield value.finding(
            Rule.WRONG_LENGTH,
            f"The string has {len(text)} characters; it must have {bounds(shape)}.",
        )
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, text):
        yield value.finding(Rule.PATTERN_NOT_MATCHED, f'"{text}" does not match {pattern}.')


def _number(shape: Shape, value: Property) -> Iterator[Finding]:
    types, number = NUMBERS[shape.type_name], converted(value.value)
    if type(number) not in types:
        yield _wrong(value, "a number" if float in types else "a whole number")
    elif not bounds(shape).allow(number):
        yield value.finding(
            Rule.NUMBER_OUT_OF_RANGE, f"{number} is out of range: it must be {bounds(shape)}."
        )


def _wrong(value: Property, wanted: str) -> Finding:
    return value.finding(
        Rule.WRONG_TYPE, f"Must be {wanted}, not {json.dumps(value.value, default=str):.60}."
    )


def _unknown(name: str, shape: StructureShape) -> str:
    meant = [member for member in shape.members if member.casefold() == name.casefold()]
    cure = f"write {meant[0]}" if meant else "remove it or correct its name"
    return f"{shape.name} has no member {name}: {cure}."


def _is_timestamp(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
