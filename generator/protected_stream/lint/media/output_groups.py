"""MediaLive output groups, as several checks read them."""

from collections.abc import Iterator

from protected_stream.lint.properties import Property

CODECS = ("H264Settings", "H265Settings", "Av1Settings")
"""Codecs that produce a stream; the others produce still frames or are not checked here."""


def output_groups(channel: Property) -> Iterator[Property]:
    """The channel's output groups."""
    return channel.at("EncoderSettings", "OutputGroups").each()


def kind_of_group(group: Property) -> str | None:
    """The member of OutputGroupSettings, if there is exactly one."""
    kinds = [member.name for member in group.at("OutputGroupSettings").members()]
    return kinds[0] if len(kinds) == 1 else None


def package_destinations(channel: Property, group: Property) -> Iterator[Property]:
    """The MediaPackage channels that the group writes to."""
    wanted = {reference.text for reference in group.below("DestinationRefId")} - {None}
    for destination in channel.at("Destinations").each():
        if destination.at("Id").text in wanted:
            yield from destination.at("MediaPackageSettings").each()


def videos(channel: Property, group: Property) -> Iterator[Property]:
    """The video descriptions that the group's outputs use."""
    wanted = {output.at("VideoDescriptionName").text for output in group.at("Outputs").each()}
    for description in channel.at("EncoderSettings", "VideoDescriptions").each():
        if description.at("Name").text in wanted - {None}:
            yield description


def codec(description: Property) -> Iterator[Property]:
    """The settings of the codec, if it produces a stream."""
    for name in CODECS:
        settings = description.at("CodecSettings", name)
        if not settings.is_absent and not settings.is_unknown:
            yield settings
