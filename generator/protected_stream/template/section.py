"""What a section of the template is, and the only place that adds to a Template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from troposphere import AWSHelperFn, AWSObject, Output, Parameter, Tags, Template

from protected_stream.template.deletion_policy import retained_output, with_deletion_policy
from protected_stream.template.metadata import without_why


@dataclass(frozen=True)
class LabelledParameter:
    """A parameter and the words that the CloudFormation console puts in front of it."""

    label: str
    parameter: Parameter


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the template that comes from one table of stream.toml."""

    source: str
    """The table of stream.toml that it comes from; messages about its resources name it."""
    heading: str = ""
    """The heading of its parameters in the CloudFormation console."""
    parameters: tuple[LabelledParameter, ...] = ()
    conditions: Mapping[str, AWSHelperFn] = field(default_factory=dict)
    resources: tuple[AWSObject, ...] = ()
    outputs: tuple[Output, ...] = ()


def template(
    sections: Iterable[Section],
    *,
    description: str,
    metadata: Mapping[str, Any],
    tags: Mapping[str, str],
    reasons: bool = True,
) -> Template:
    """The sections as one template, in the order given; every resource that can carries the tags.

    Args:
        sections: the parts of the template.
        description: the template's.
        metadata: the template's own, beside how the console asks for parameters.
        tags: name and value.
        reasons: whether each resource tells why it is there.

    Raises:
        ValueError: two parameters, resources or outputs have the same logical ID.
    """
    document = Template(Description=description)
    everything = tuple(sections)
    document.set_metadata({**metadata, "AWS::CloudFormation::Interface": _interface(everything)})
    for section in everything:
        for labelled in section.parameters:
            document.add_parameter(labelled.parameter)
        for name, condition in section.conditions.items():
            document.add_condition(name, condition)
        for resource in section.resources:
            told = resource if reasons else without_why(resource)
            document.add_resource(with_deletion_policy(_tagged(told, tags)))
        for output in section.outputs:
            document.add_output(output)
    document.add_output(
        retained_output(tuple(item for part in everything for item in part.resources))
    )
    return document


def _interface(sections: tuple[Section, ...]) -> dict[str, Any]:
    """How the console groups and labels the parameters.

    Source: AWS CloudFormation User Guide, AWS::CloudFormation::Interface.
    """
    asking = [section for section in sections if section.parameters]
    return {
        "ParameterGroups": [
            {
                "Label": {"default": section.heading},
                "Parameters": [labelled.parameter.title for labelled in section.parameters],
            }
            for section in asking
        ],
        "ParameterLabels": {
            labelled.parameter.title: {"default": labelled.label}
            for section in asking
            for labelled in section.parameters
        },
    }


def _tagged(resource: AWSObject, tags: Mapping[str, str]) -> AWSObject:
    """The resource with the tags beside its own, as its type wants; unchanged if it takes none."""
    for name in ("Tags", "UserPoolTags"):
        if tags and name in resource.props:
            wants_map = resource.props[name][0] is dict
            own = getattr(resource, name, {}) if wants_map else {}
            setattr(resource, name, {**tags, **own} if wants_map else Tags(dict(tags)))
    return resource
