"""What a section of the template is, and the only place that adds to a Template."""

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
    """The table of stream.toml, module or extension that it comes from; messages name it."""
    heading: str = ""
    """The heading of its parameters in the CloudFormation console."""
    parameters: tuple[LabelledParameter, ...] = ()
    conditions: Mapping[str, AWSHelperFn] = field(default_factory=dict)
    resources: tuple[AWSObject, ...] = ()
    outputs: tuple[Output, ...] = ()

    # what sections give to one that is built after them; the composer passes it on
    behaviors: tuple[Behavior, ...] = ()
    """What it answers under the distribution's host."""
    channel_statements: tuple[Statement, ...] = ()
    """What the channel's role must be allowed for it."""
    code: tuple[FunctionCode, ...] = ()
    """What its functions run."""
    page_settings: Mapping[str, Any] = field(default_factory=dict)
    """What the page must know of it, as fields of /api/config."""


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
        BuildError: two sections give a parameter, condition, resource or output the same name.
    """
    document = Template(Description=description)
    everything = tuple(sections)
    _expect_own_names(everything)
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


def complete(section: Section) -> Section:
    """A section from outside, which comes after those that could pass on what it gives.

    Raises:
        BuildError: it gives something that would be lost.
    """
    for name in ("behaviors", "channel_statements", "page_settings"):
        if getattr(section, name):
            raise BuildError(
                f"{section.source}: {name} cannot come from an extension, as what takes them is "
                "built before it"
            )
    return section


def depend_on(resource: AWSObject, others: Iterable[AWSObject]) -> None:
    """Lets the other resources be made after this one, and changed after it."""
    for other in others:
        other.DependsOn = [resource.title]


def _expect_own_names(sections: Sequence[Section]) -> None:
    """Parameters and resources share their names, as both are what Ref names."""
    for kind, names_of in (
        ("parameter or resource", _referable),
        ("condition", lambda section: section.conditions),
        ("output", lambda section: [output.title for output in section.outputs]),
    ):
        seen = {RETAINED_OUTPUT: "every template"} if kind == "output" else {}
        for section in sections:
            for name in names_of(section):
                if name in seen:
                    raise BuildError(
                        f"{section.source}: another {kind} is named {name}, in {seen[name]}: "
                        "give it a name of its own"
                    )
                seen[name] = section.source


def _referable(section: Section) -> list[str]:
    parameters = [labelled.parameter.title for labelled in section.parameters]
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
            own = getattr(resource, name, {})
            if resource.props[name][0] is dict:
                setattr(resource, name, {**tags, **own})
            else:
                listed = own.to_dict() if isinstance(own, Tags) else []
                named = {tag["Key"]: tag["Value"] for tag in listed}
                setattr(resource, name, Tags({**tags, **named}))
    return resource
