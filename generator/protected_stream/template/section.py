"""Sections, and the CloudFormation template that is assembled from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from awacs.aws import Statement
from troposphere import AWSHelperFn, AWSObject, Output, Parameter, Tags, Template

from protected_stream.errors import BuildError
from protected_stream.lambda_code import FunctionCode
from protected_stream.template.behavior import Behavior
from protected_stream.template.deletion_policy import (
    RETAINED_OUTPUT,
    retained_output,
    with_deletion_policy,
)
from protected_stream.template.metadata import without_description, without_why


@dataclass(frozen=True)
class LabelledParameter:
    """A parameter and its label in the CloudFormation console."""

    label: str
    parameter: Parameter


@dataclass(frozen=True)
class Note:
    """What the summary says of a section."""

    label: str
    """What it is about, in at most eleven characters, such as "first"."""
    text: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the template that comes from one table of stream.toml."""

    source: str
    """The table of stream.toml, module or extension that it comes from; messages name it."""
    heading: str = ""
    """The heading of its parameters in the CloudFormation console."""
    parameters: tuple[LabelledParameter, ...] = ()
    conditions: Mapping[str, AWSHelperFn] = field(default_factory=dict)
    mappings: Mapping[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    resources: tuple[AWSObject, ...] = ()
    outputs: tuple[Output, ...] = ()
    notes: tuple[Note, ...] = ()
    """What the operator must know, for the summary."""

    # what a section provides to one that is built later; the composer passes it on
    behaviors: tuple[Behavior, ...] = ()
    """The cache behaviors that it serves on the distribution."""
    channel_statements: tuple[Statement, ...] = ()
    """Policy statements that the channel's role needs for it."""
    code: tuple[FunctionCode, ...] = ()
    """The code of its functions."""
    page_settings: Mapping[str, Any] = field(default_factory=dict)
    """Its settings for the page, as fields of /api/config."""


def template(
    sections: Iterable[Section],
    *,
    description: str,
    metadata: Mapping[str, Any],
    tags: Mapping[str, str],
    explained: bool = True,
) -> Template:
    """The sections as one template, in the order given; every resource that can carries the tags.

    Args:
        sections: the parts of the template.
        description: the template's.
        metadata: the template's own, besides the console's parameter interface.
        tags: name and value.
        explained: whether resources state the reason for them, and deletion policies that are
            CloudFormation's defaults, and outputs have descriptions.

    Raises:
        BuildError: two sections use the same name for a parameter, condition, resource or output.
    """
    document = Template(Description=description)
    everything = tuple(sections)
    _expect_own_names(everything)
    document.set_metadata({**metadata, "AWS::CloudFormation::Interface": _interface(everything)})
    for section in everything:
        for labeled in section.parameters:
            document.add_parameter(labeled.parameter)
        for name, condition in section.conditions.items():
            document.add_condition(name, condition)
        for name, mapping in section.mappings.items():
            document.add_mapping(name, mapping)
        for resource in section.resources:
            told = resource if explained else without_why(resource)
            document.add_resource(with_deletion_policy(_tagged(told, tags), defaults=explained))
    kept = retained_output(tuple(item for part in everything for item in part.resources))
    for output in (*(one for part in everything for one in part.outputs), kept):
        document.add_output(output if explained else without_description(output))
    return document


def complete(section: Section) -> Section:
    """An extension's section, which is built too late to provide anything to the stream's sections.

    Raises:
        BuildError: it provides something that would be lost.
    """
    for name in ("behaviors", "channel_statements", "page_settings"):
        if getattr(section, name):
            raise BuildError(
                f"{section.source}: an extension cannot provide {name}, as the sections that use "
                "them are built before it"
            )
    return section


def depend_on(resource: AWSObject, others: Iterable[AWSObject]) -> None:
    """Makes CloudFormation create and update the other resources after this one."""
    for other in others:
        other.DependsOn = [resource.title]


def _expect_own_names(sections: Sequence[Section]) -> None:
    """Parameters and resources share one namespace, as Ref refers to both."""
    for kind, names_of in (
        ("parameter or resource", _referable),
        ("condition", lambda section: section.conditions),
        ("mapping", lambda section: section.mappings),
        ("output", lambda section: [output.title for output in section.outputs]),
    ):
        seen = {RETAINED_OUTPUT: "every template"} if kind == "output" else {}
        for section in sections:
            for name in names_of(section):
                if name in seen:
                    raise BuildError(
                        f"{section.source}: another {kind} is named {name}, in {seen[name]}: "
                        "give it a unique name"
                    )
                seen[name] = section.source


def _referable(section: Section) -> list[str]:
    parameters = [labeled.parameter.title for labeled in section.parameters]
    return [*map(str, parameters), *(str(resource.title) for resource in section.resources)]


def _interface(sections: tuple[Section, ...]) -> dict[str, Any]:
    """How the console groups and labels the parameters.

    Source: AWS CloudFormation User Guide, AWS::CloudFormation::Interface.
    """
    asking = [section for section in sections if section.parameters]
    return {
        "ParameterGroups": [
            {
                "Label": {"default": section.heading},
                "Parameters": [labeled.parameter.title for labeled in section.parameters],
            }
            for section in asking
        ],
        "ParameterLabels": {
            labeled.parameter.title: {"default": labeled.label}
            for section in asking
            for labeled in section.parameters
        },
    }


def _tagged(resource: AWSObject, tags: Mapping[str, str]) -> AWSObject:
    """The resource with the tags added to its own; unchanged if its type has no tags."""
    for name in ("Tags", "UserPoolTags"):
        if tags and name in resource.props:
            own = getattr(resource, name, {})
            if resource.props[name][0] is dict:
                setattr(resource, name, {**tags, **own})
            else:
                listed = own.to_dict() if isinstance(own, Tags) else []
                named = {tag["Key"]: tag["Value"] for tag in listed}
                setattr(resource, name, Tags({**tags, **named}))
    return resource
