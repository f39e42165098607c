"""Small changes to a template's resources, by path."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.unit.lint.example_stream import Document

Change = Callable[[Document], object]
"""Changes the resources of a template in place."""

ENCODER = "EncoderSettings"
GROUP = f"{ENCODER}.OutputGroups[0]"
PACKAGE_GROUP = f"{GROUP}.OutputGroupSettings.MediaPackageGroupSettings"


def h264(rung: int, name: str) -> str:
    """The path of a setting in the ladder's rung; 0 is the largest."""
    return f"{ENCODER}.VideoDescriptions[{rung}].CodecSettings.H264Settings.{name}"


def h265(rung: int, name: str) -> str:
    """The same in a rung that `hevc` has changed."""
    return f"{ENCODER}.VideoDescriptions[{rung}].CodecSettings.H265Settings.{name}"


ONLY_H264 = ("EntropyEncoding", "FramerateControl", "ParControl", "NumRefFrames")


def hevc(rung: int) -> Change:
    """Encodes the ladder's rung in H.265."""

    def change(resources: Document) -> None:
        video = resources["Channel"]["Properties"][ENCODER]["VideoDescriptions"][rung]
        settings = dict(video["CodecSettings"].pop("H264Settings"))
        kept = {name: value for name, value in settings.items() if name not in ONLY_H264}
        video["CodecSettings"]["H265Settings"] = {**kept, "Profile": "MAIN", "Tier": "MAIN"}

    return change


def another_audio(number: int, **settings: str) -> Change:
    """An output with one more audio.

    Args:
        number: from 0.
        settings: those of MediaPackage v2.
    """

    def change(resources: Document) -> None:
        encoder = resources["Channel"]["Properties"][ENCODER]
        name = f"audio-{number}"
        encoder["AudioDescriptions"].append({**encoder["AudioDescriptions"][0], "Name": name})
        package = {"MediaPackageV2DestinationSettings": settings} if settings else {}
        encoder["OutputGroups"][0]["Outputs"].append(
            {
                "OutputName": name,
                "AudioDescriptionNames": [name],
                "OutputSettings": {"MediaPackageOutputSettings": package},
            }
        )

    return change


def put(resource: str, path: str, value: Any) -> Change:
    """Sets the property to a value; the index one past a list's end appends."""

    def change(resources: Document) -> None:
        holder, last = _holder(resources, resource, path)
        if isinstance(holder, list) and last == len(holder):
            holder.append(deepcopy(value))
        else:
            holder[last] = deepcopy(value)

    return change


def drop(resource: str, path: str) -> Change:
    """Removes the property."""

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
    """Changes nothing."""


def _holder(resources: Document, resource: str, path: str) -> tuple[Any, Any]:
    """The container of the property, and its key or index there."""
    keys = [
        int(part[1:-1]) if part.startswith("[") else part
        for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]
    holder = resources[resource]["Properties"]
    for key in keys[:-1]:
        holder = holder[key]
    return holder, keys[-1]
