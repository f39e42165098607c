"""SDK request models: the requests that create media resources."""

from collections.abc import Mapping
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

REQUESTS: Mapping[str, tuple[str, str]] = {
    "AWS::MediaLive::Channel": ("medialive", "CreateChannelRequest"),
    "AWS::MediaLive::Input": ("medialive", "CreateInputRequest"),
    "AWS::MediaLive::InputSecurityGroup": ("medialive", "CreateInputSecurityGroupRequest"),
    "AWS::MediaPackageV2::ChannelGroup": ("mediapackagev2", "CreateChannelGroupRequest"),
    "AWS::MediaPackageV2::Channel": ("mediapackagev2", "CreateChannelRequest"),
    "AWS::MediaPackageV2::OriginEndpoint": ("mediapackagev2", "CreateOriginEndpointRequest"),
    "AWS::MediaPackageV2::OriginEndpointPolicy": (
        "mediapackagev2",
        "PutOriginEndpointPolicyRequest",
    ),
}
"""By resource type: the service and the shape of the request."""


@cache
def request_shape(resource_type: str) -> Shape:
    """The shape of the request that creates a resource of the type."""
    service, request = REQUESTS[resource_type]
    return service_model(service).shape_for(request)


@cache
def service_model(service: str) -> ServiceModel:
    """The model that comes with botocore; models in the user's home directory are not read."""
    loader = Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model(service, "service-2"), service)
