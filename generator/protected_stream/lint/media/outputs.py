"""MediaLive output groups, outputs and destinations: checks that they match."""

from collections.abc import Callable, Iterator, Mapping

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.output_groups import (
    kind_of_group,
    output_groups,
    package_destinations,
)
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

DESTINATIONS = (
    "Settings",
    "MediaPackageSettings",
    "MultiplexSettings",
    "SrtSettings",
    "MediaConnectRouterSettings",
)
"""The kinds of destination settings; a destination has exactly one."""

DESTINATION_OF_GROUP: Mapping[str, str] = {
    "MediaPackageGroupSettings": "MediaPackageSettings",
    "MultiplexGroupSettings": "MultiplexSettings",
    "SrtGroupSettings": "SrtSettings",
    "MediaConnectRouterGroupSettings": "MediaConnectRouterSettings",
}
"""The kind of destination that a kind of group writes to; all others write to Settings.

Source: AWS Elemental MediaLive API, OutputDestination.
"""


def output_findings(channel: Property) -> Iterator[Finding]:
    """Every group, output and destination of the channel that does not match the others."""
    for check in OUTPUT_CHECKS:
        yield from check(channel)


def destinations_have_one_kind(channel: Property) -> Iterator[Finding]:
    """A destination has settings of exactly one kind."""
    for destination in channel.at("Destinations").each():
        kinds = [kind for kind in DESTINATIONS if not destination.at(kind).is_empty]
        if len(kinds) != 1 and not destination.is_unknown:
            yield destination.finding(
                Rule.DESTINATION_NOT_OF_ONE_KIND,
                f"A destination needs exactly one of {', '.join(DESTINATIONS)}; "
                f"this one has {' and '.join(kinds) or 'none'}.",
            )


def package_destinations_name_a_channel(channel: Property) -> Iterator[Finding]:
    """A MediaPackage destination has an ID (v1), or a channel group and channel (v2)."""
    for destination in channel.at("Destinations").each():
        for package in destination.at("MediaPackageSettings").each():
            given = {
                name
                for name in ("ChannelId", "ChannelGroup", "ChannelName")
                if not package.at(name).is_absent
            }
            if given not in ({"ChannelId"}, {"ChannelGroup", "ChannelName"}) and (
                not package.is_unknown
            ):
                yield package.finding(
                    Rule.PACKAGE_DESTINATION_NAMES_NO_CHANNEL,
                    "Needs either ChannelId, or ChannelGroup and ChannelName.",
                )


def groups_write_to_their_kind(channel: Property) -> Iterator[Finding]:
    """A group writes to a destination of the same kind."""
    destinations = {item.at("Id").text: item for item in channel.at("Destinations").each()}
    for group in output_groups(channel):
        kind = kind_of_group(group)
        for reference in group.below("DestinationRefId") if kind else ():
            wanted = DESTINATION_OF_GROUP.get(str(kind), "Settings")
            destination = destinations.get(reference.text) if reference.text else None
            if destination and destination.at(wanted).is_empty:
                yield reference.finding(
                    Rule.DESTINATION_OF_ANOTHER_KIND,
                    f'{kind} writes to {wanted}, but "{reference.text}" has none.',
                )


def outputs_have_the_kind_of_their_group(channel: Property) -> Iterator[Finding]:
    """A group has exactly one kind, and its outputs have the same."""
    for group in output_groups(channel):
        settings = group.at("OutputGroupSettings")
        kind = kind_of_group(group)
        if kind is None and not settings.is_unknown and not settings.is_absent:
            yield settings.finding(
                Rule.GROUP_NOT_OF_ONE_KIND, "An output group needs settings of exactly one kind."
            )
        for output in group.at("Outputs").each() if kind else ():
            wanted = str(kind).replace("GroupSettings", "OutputSettings")
            given = output.at("OutputSettings")
            kinds = {member.name for member in given.members()}
            if kinds != {wanted} and not given.is_unknown and not given.is_absent:
                yield given.finding(
                    Rule.OUTPUT_OF_ANOTHER_KIND,
                    f"An output of {kind} needs {wanted} and nothing else.",
                )


def package_settings_fit_the_version(channel: Property) -> Iterator[Finding]:
    """Settings for MediaPackage v2 need a v2 destination."""
    for group in output_groups(channel):
        package = group.at("OutputGroupSettings", "MediaPackageGroupSettings")
        settings = package.at("MediapackageV2GroupSettings")
        for destination in package_destinations(channel, group):
            if not settings.is_absent and destination.at("ChannelName").is_absent:
                yield settings.finding(
                    Rule.SETTINGS_OF_ANOTHER_VERSION,
                    "Only for destinations with ChannelGroup and ChannelName.",
                )


OUTPUT_CHECKS: tuple[Callable[[Property], Iterator[Finding]], ...] = (
    destinations_have_one_kind,
    package_destinations_name_a_channel,
    groups_write_to_their_kind,
    outputs_have_the_kind_of_their_group,
    package_settings_fit_the_version,
)
