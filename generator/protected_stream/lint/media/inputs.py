"""MediaLive inputs: checks of security groups and destinations."""

from collections.abc import Callable, Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

PUSH = ("RTMP_PUSH", "RTP_PUSH", "SRT_LISTENER", "UDP_PUSH")


def input_findings(input_: Property) -> Iterator[Finding]:
    """Everything about the input that the service rejects."""
    for check in INPUT_CHECKS:
        yield from check(input_)


def push_inputs_have_a_security_group(input_: Property) -> Iterator[Finding]:
    """A push input on the internet has a security group with the addresses that may send."""
    groups = input_.at("InputSecurityGroups")
    inside = not input_.at("Vpc").is_absent or (
        input_.at("InputNetworkLocation").text == "ON_PREMISES"
    )
    if input_.at("Type").text in PUSH and not inside and not any(groups.each()):
        yield groups.finding(
            Rule.PUSH_WITHOUT_SECURITY_GROUP,
            f"An input of type {input_.at('Type').text} needs a security group.",
        )


def vpc_inputs_have_no_security_group(input_: Property) -> Iterator[Finding]:
    """An input in a VPC has the VPC's security groups instead, and a role."""
    if input_.at("Vpc").is_absent:
        return
    if not input_.at("InputSecurityGroups").is_empty:
        yield input_.at("InputSecurityGroups").finding(
            Rule.SECURITY_GROUP_IN_VPC, "Not allowed together with Vpc."
        )
    if input_.at("RoleArn").is_absent:
        yield input_.at("RoleArn").finding(Rule.NO_ROLE_IN_VPC, "An input in a VPC needs RoleArn.")


def rtmp_push_destinations_have_stream_names(input_: Property) -> Iterator[Finding]:
    """The encoder pushes RTMP to an application name and instance, which the template sets."""
    if input_.at("Type").text != "RTMP_PUSH":
        return
    destinations = input_.at("Destinations")
    if destinations.is_empty:
        yield destinations.finding(
            Rule.RTMP_WITHOUT_DESTINATIONS, "An input of type RTMP_PUSH needs Destinations."
        )
    for destination in destinations.each():
        if destination.at("StreamName").is_absent:
            yield destination.at("StreamName").finding(
                Rule.RTMP_WITHOUT_STREAM_NAME, "A destination of RTMP_PUSH needs StreamName."
            )


INPUT_CHECKS: tuple[Callable[[Property], Iterator[Finding]], ...] = (
    push_inputs_have_a_security_group,
    vpc_inputs_have_no_security_group,
    rtmp_push_destinations_have_stream_names,
)
