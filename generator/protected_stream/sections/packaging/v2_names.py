"""MediaPackage v2 names and paths, read from the ARNs of its resources.

A resource that reads a name from an ARN depends on the ARN's resource. An ARN ends in
channelGroup/<group>/channel/<channel>/originEndpoint/<endpoint>.
Source: Service Authorization Reference, "Resource types defined by AWS Elemental MediaPackage V2".
"""

from troposphere import AWSHelperFn, Select, Split, Sub
from troposphere.mediapackagev2 import Channel, ChannelGroup, OriginEndpoint


def group_name(resource: ChannelGroup | Channel | OriginEndpoint) -> AWSHelperFn:
    """The name of the channel group that the resource is or belongs to."""
    return Select(1, Split("/", resource.ref()))


def channel_name(resource: Channel | OriginEndpoint) -> AWSHelperFn:
    """The name of the channel that the resource is or belongs to."""
    return Select(3, Split("/", resource.ref()))


def endpoint_name(endpoint: OriginEndpoint) -> AWSHelperFn:
    """The name of the endpoint."""
    return Select(5, Split("/", endpoint.ref()))


def media_path(group: ChannelGroup, files: str) -> AWSHelperFn:
    """The path of the group's files: the same on the distribution as on the packager.

    Source: AWS Elemental MediaPackage v2 User Guide, endpoint URLs.
    """
    return Sub(f"/out/v1/${{Group}}/{files}", Group=group_name(group))


def manifest_path(
    group: ChannelGroup, channel: Channel, endpoint: OriginEndpoint, file: str
) -> AWSHelperFn:
    """The path of a manifest's file on the endpoint."""
    return media_path(group, f"{channel.ChannelName}/{endpoint.OriginEndpointName}/{file}")
