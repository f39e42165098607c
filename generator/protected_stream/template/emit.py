"""CloudFormation template files: JSON, YAML and parameters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from troposphere import Parameter, Template

from protected_stream.files import write_atomically
from protected_stream.template.simplify import simplify
from protected_stream.template.yaml_text import yaml_text

FORMAT_VERSION = "2010-09-09"  # the only valid version
SECTION_ORDER = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
)
RESOURCE = (
    "Type",
    "Metadata",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Properties",
)


@dataclass(frozen=True, kw_only=True)
class Documents:
    """The template in the formats that people and tools need."""

    document: dict[str, Any]
    """Plain data, in the order of the template's sections."""
    json: str
    """Compact: the bytes that CloudFormation counts."""
    yaml: str
    """The same document with short intrinsics, for readers."""
    parameters: str
    """The parameters to fill in when deploying, for `--parameter-overrides file://…`."""


def document(template: Template) -> dict[str, Any]:
    """The template as plain data, in the order of SECTION_ORDER."""
    parts = {"AWSTemplateFormatVersion": FORMAT_VERSION, **simplify(template.to_dict())}
    parts["Resources"] = {
        title: _ordered(resource, RESOURCE) for title, resource in parts["Resources"].items()
    }
    return _ordered(parts, SECTION_ORDER)


def _ordered(parts: Mapping[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {part: parts[part] for part in order if part in parts}


def documents(template: Template) -> Documents:
    """The files' contents; equal templates give equal bytes."""
    plain = document(template)
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return Documents(
        document=plain,
        json=text + "\n",
        yaml=yaml_text(plain),
        parameters=json.dumps(_skeleton(template.parameters), indent=2) + "\n",
    )


def write(documents: Documents, folder: Path) -> None:
    """Writes the files, each atomically."""
    for name, text in (
        ("template.json", documents.json),
        ("template.yaml", documents.yaml),
        ("parameters.json", documents.parameters),
    ):
        write_atomically(folder / name, text.encode())


def _skeleton(parameters: Mapping[str, Parameter]) -> list[str]:
    """Name=value for every parameter, the only format that both versions of the AWS CLI accept."""
    return [
        f"{name}={parameter.properties.get('Default', '')}"
        for name, parameter in parameters.items()
    ]
