"""Small changes of a template's resources, by path."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.unit.lint.example_stream import Document

Change = Callable[[Document], object]
"""What a test does to the resources of a template, in place."""

ENCODER = "EncoderSettings"
GROUP = f"{ENCODER}.OutputGroups[0]"
PACKAGE_GROUP = f"{GROUP}.OutputGroupSettings.MediaPackageGroupSettings"


def h264(rung: int, name: str) -> str:
    """The path of a setting of the ladder's rung, the largest being 0."""
    return f"{ENCODER}.VideoDescriptions[{rung}].CodecSettings.H264Settings.{name}"


def put(resource: str, path: str, value: Any) -> Change:
    """The property set to a value; an item one past a list's end is added to it."""

    def change(resources: Document) -> None:
        holder, last = _holder(resources, resource, path)
        if isinstance(holder, list) and last == len(holder):
            holder.append(deepcopy(value))
        else:
            holder[last] = deepcopy(value)

    return change


def drop(resource: str, path: str) -> Change:
    """The property left out."""

    def change(resources: Document) -> None:
        holder, last = _holder(resources, resource, path)
        del holder[last]

    return change


def together(*changes: Change) -> Change:
    """Several changes, one after the other."""

    def change(resources: Document) -> None:
        for one in changes:
            one(resources)

    return change


def nothing(_: Document) -> None:
    """The template as it is."""


def _holder(resources: Document, resource: str, path: str) -> tuple[Any, Any]:
    """What holds the property, and its key or index there."""
    keys = [
        int(part[1:-1]) if part.startswith("[") else part
        for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]
    holder = resources[resource]["Properties"]
    for key in keys[:-1]:
        holder = holder[key]
    return holder, keys[-1]
