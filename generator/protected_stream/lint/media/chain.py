"""MediaLive inputs and channels: checks of their references to one another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property, Resource
from protected_stream.lint.rules import Rule

CHANNEL = "AWS::MediaLive::Channel"
INPUT = "AWS::MediaLive::Input"
INPUT_SECURITY_GROUP = "AWS::MediaLive::InputSecurityGroup"

BOTH_PIPELINES: Mapping[str, tuple[str, ...]] = {
    "RTMP_PUSH": ("Destinations",),
    "RTMP_PULL": ("Sources",),
    "URL_PULL": ("Sources",),
    "SRT_CALLER": ("SrtSettings", "SrtCallerSources"),
    "MEDIACONNECT": ("MediaConnectFlows",),
    "INPUT_DEVICE": ("InputDevices",),
}
"""By input type: the path of the list that has one item for each pipeline of a STANDARD channel.

Source: AWS Elemental MediaLive User Guide, "Create an RTMP push input"; MediaLive API,
CreateInput.Sources.
"""


@dataclass(frozen=True)
class MediaStack:
    """The media resources of a template."""

    resources: tuple[Resource, ...]
    types: Mapping[str, str]
    """Type of every resource in the template, by logical ID."""

    def of_type(self, resource_type: str) -> Iterator[Property]:
        """The properties of the resources of that type."""
        for resource in self.resources:
            if resource.type == resource_type:
                yield resource.properties

    def referred(self, reference: Property) -> Property | None:
        """The media resource that the reference refers to, if it is in the template."""
        logical_id = _logical_id(reference.value)
        for resource in self.resources:
            if resource.name == logical_id:
                return resource.properties
        return None


def chain_findings(stack: MediaStack) -> Iterator[Finding]:
    """References between channels and inputs that are wrong."""
    for check in CHAIN_CHECKS:
        yield from check(stack)


def references_have_the_right_type(stack: MediaStack) -> Iterator[Finding]:
    """A channel is attached to inputs, and an input to input security groups.

    Ref returns the ID of both types.
    """
    attachments = [
        attachment.at("InputId")
        for channel in stack.of_type(CHANNEL)
        for attachment in channel.at("InputAttachments").each()
    ]
    groups = [
        group
        for input_ in stack.of_type(INPUT)
        for group in input_.at("InputSecurityGroups").each()
    ]
    for rule, references, wanted in (
        (Rule.ATTACHED_TO_NO_INPUT, attachments, INPUT),
        (Rule.GUARDED_BY_NO_SECURITY_GROUP, groups, INPUT_SECURITY_GROUP),
    ):
        for reference in references:
            found = stack.types.get(_logical_id(reference.value), wanted)
            if found != wanted:
                yield reference.finding(rule, f"Must refer to an {wanted}, not to an {found}.")


def standard_channels_have_two_sources(stack: MediaStack) -> Iterator[Finding]:
    """Each of the two pipelines of a STANDARD channel has its own source."""
    for channel in stack.of_type(CHANNEL):
        is_standard = channel.at("ChannelClass").text == "STANDARD"
        for attachment in channel.at("InputAttachments").each() if is_standard else ():
            input_ = stack.referred(attachment.at("InputId"))
            listed = BOTH_PIPELINES.get(input_.at("Type").text or "") if input_ else None
            sources = input_.at(*listed) if input_ and listed else None
            if sources and not sources.is_unknown and len(list(sources.each())) != 2:
                yield sources.finding(
                    Rule.NOT_TWO_SOURCES, f"{channel.resource} is STANDARD and needs two of them."
                )


CHAIN_CHECKS: tuple[Callable[[MediaStack], Iterator[Finding]], ...] = (
    references_have_the_right_type,
    standard_channels_have_two_sources,
)


def _logical_id(value: Any) -> str:
    """The logical ID in a Ref; empty for everything else."""
    match value:
        case {"Ref": str(name)}:
            return name
    return ""
