"""MediaLive to MediaPackage v2: checks of their references to one another."""

from collections.abc import Callable, Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.chain import CHANNEL, MediaStack
from protected_stream.lint.media.output_groups import (
    codec,
    output_groups,
    package_destinations,
    videos,
)
from protected_stream.lint.media.packager_names import PARTS_OF_ARN, PackagerNames, Path
from protected_stream.lint.media.timing import segment_seconds
from protected_stream.lint.properties import ABSENT, Property
from protected_stream.lint.rules import Rule

GROUP = "AWS::MediaPackageV2::ChannelGroup"
PACKAGER_CHANNEL = "AWS::MediaPackageV2::Channel"
ENDPOINT = "AWS::MediaPackageV2::OriginEndpoint"
ENDPOINT_POLICY = "AWS::MediaPackageV2::OriginEndpointPolicy"

IN_DESTINATION = ("ChannelGroup", "ChannelName")
"""How a MediaLive destination refers to a MediaPackage v2 channel."""
IN_GROUP = tuple(PARTS_OF_ARN[GROUP].values())
IN_CHANNEL = tuple(PARTS_OF_ARN[PACKAGER_CHANNEL].values())
IN_ENDPOINT = tuple(PARTS_OF_ARN[ENDPOINT].values())


def packager_chain_findings(stack: MediaStack) -> Iterator[Finding]:
    """References between MediaLive and MediaPackage that are wrong."""
    names = PackagerNames({resource.name: resource for resource in stack.resources})
    for check in PACKAGER_CHAIN_CHECKS:
        yield from check(stack, names)


def packager_names_are_given(stack: MediaStack, names: PackagerNames) -> Iterator[Finding]:
    """MediaPackage v2 groups, channels and endpoints that are referred to are in the template.

    A destination in another Region belongs to another template.
    """
    destinations = [
        package
        for _, package in _packages(stack)
        if package.at("MediaPackageRegionName").value in (ABSENT, {"Ref": "AWS::Region"})
    ]
    for naming, members, owner in (
        (destinations, IN_DESTINATION, PACKAGER_CHANNEL),
        (list(stack.of_type(PACKAGER_CHANNEL)), IN_GROUP, GROUP),
        (list(stack.of_type(ENDPOINT)), IN_CHANNEL, PACKAGER_CHANNEL),
        (list(stack.of_type(ENDPOINT_POLICY)), IN_ENDPOINT, ENDPOINT),
    ):
        given = names.given(owner)
        for named in naming if given else ():
            wrong = _first_unknown(names.path(named, members), given)
            if wrong is not None:
                yield named.at(members[wrong]).finding(
                    Rule.PACKAGER_NAME_UNKNOWN,
                    f"Does not match any {owner} in this template; read the name from its ARN.",
                )


def packager_ingests_cmaf(stack: MediaStack, names: PackagerNames) -> Iterator[Finding]:
    """The MediaPackage v2 channel that MediaLive sends to accepts CMAF; its default is HLS."""
    fed = {names.path(package, IN_DESTINATION) for _, package in _packages(stack)}
    for channel in stack.of_type(PACKAGER_CHANNEL):
        kind = channel.at("InputType")
        is_cmaf = kind.text == "CMAF" or kind.is_unknown
        if names.path(channel, IN_CHANNEL) in fed and not is_cmaf:
            yield kind.finding(
                Rule.PACKAGER_TAKES_NO_CMAF,
                "MediaLive sends CMAF to this channel; set InputType to CMAF.",
            )


def endpoint_segments_are_whole_ingest_segments(
    stack: MediaStack, names: PackagerNames
) -> Iterator[Finding]:
    """A segment for viewers is one or more of the segments that MediaLive sends."""
    for group, package in _packages(stack):
        sent, name = segment_seconds(group), names.path(package, IN_DESTINATION)
        for endpoint in stack.of_type(ENDPOINT):
            duration = endpoint.at("Segment", "SegmentDurationSeconds")
            is_fed = names.path(endpoint, IN_CHANNEL) == name
            if is_fed and sent and duration.number is not None and duration.number % sent:
                yield duration.finding(
                    Rule.SEGMENT_NOT_OF_WHOLE_SEGMENTS,
                    f"{duration.number} s is not a multiple of the {float(sent):g} s that "
                    f"{group.resource} sends.",
                )


def endpoints_serve_the_codecs(stack: MediaStack, names: PackagerNames) -> Iterator[Finding]:
    """TS segments need an AVC rendition; Smooth Streaming needs all renditions to be AVC."""
    for channel, group, package in _fed(stack):
        codecs = {settings.name for video in videos(channel, group) for settings in codec(video)}
        name = names.path(package, IN_DESTINATION)
        for endpoint in stack.of_type(ENDPOINT) if codecs else ():
            container = endpoint.at("ContainerType")
            if names.path(endpoint, IN_CHANNEL) != name:
                continue
            if container.text == "TS" and "H264Settings" not in codecs:
                yield container.finding(
                    Rule.CODEC_NOT_SERVED, f"{channel.resource} sends no AVC, which TS needs."
                )
            if container.text == "ISM" and codecs != {"H264Settings"}:
                yield container.finding(
                    Rule.CODEC_NOT_SERVED, f"{channel.resource} sends more than AVC, or none."
                )


PACKAGER_CHAIN_CHECKS: tuple[Callable[[MediaStack, PackagerNames], Iterator[Finding]], ...] = (
    packager_names_are_given,
    packager_ingests_cmaf,
    endpoint_segments_are_whole_ingest_segments,
    endpoints_serve_the_codecs,
)


def _packages(stack: MediaStack) -> Iterator[tuple[Property, Property]]:
    """Every output group that sends to MediaPackage v2, with each channel that it sends to."""
    for _, group, package in _fed(stack):
        yield group, package


def _fed(stack: MediaStack) -> Iterator[tuple[Property, Property, Property]]:
    """The same, after the MediaLive channel that the group belongs to."""
    for channel in stack.of_type(CHANNEL):
        for group in output_groups(channel):
            for package in package_destinations(channel, group):
                if not package.at("ChannelName").is_absent:
                    yield channel, group, package


def _first_unknown(path: Path, given: set[Path]) -> int | None:
    """The index of the first part that is in none of the given paths; None if all are."""
    for length in range(1, len(path) + 1):
        if path[:length] not in {other[:length] for other in given}:
            return length - 1
    return None
