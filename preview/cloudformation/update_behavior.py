"""What an update runs into: what cannot change, what means a new resource, what must be unique."""

from collections.abc import Mapping
from typing import Any

from preview.cloudformation.schemas import is_custom, paths, schema_of
from preview.resource import Properties, Resource

# What AWS keeps although the schema lists no createOnly property: the update fails.
KEPT_BY_AWS: Mapping[str, Mapping[str, str]] = {
    "AWS::CloudFront::PublicKey": {
        # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdatePublicKey.html
        f"PublicKeyConfig.{name}": (
            "CannotChangeImmutablePublicKeyFields, only a public key's comment can change"
        )
        for name in ("CallerReference", "EncodedKey", "Name")
    },
    "AWS::Cognito::UserPool": {
        # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
        "AliasAttributes": "UpdateUserPool has no AliasAttributes",
        "UsernameAttributes": "UpdateUserPool has no UsernameAttributes",
        "UsernameConfiguration": "UpdateUserPool has no UsernameConfiguration",
    },
    "AWS::KMS::Key": dict.fromkeys(
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
        ("KeySpec", "KeyUsage", "MultiRegion", "Origin"),
        "the update of an existing KMS key fails, whatever its UpdateReplacePolicy",
    ),
    "AWS::MediaLive::Channel": {
        # https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html
        "ChannelClass": "UpdateChannel has no channelClass",
    },
    "AWS::MediaPackageV2::OriginEndpoint": {
        # https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_UpdateOriginEndpoint.html
        "ContainerType": "the type of the container can't be changed after the endpoint is made",
    },
    "AWS::CloudFormation::CustomResource": {
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
        "ServiceToken": "modifying service token is not allowed",
    },
}

# What must be unique where the schema's primary identifier is made by AWS.
UNIQUE: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Authorizer": ("RestApiId", "Name"),
    "AWS::ApiGateway::Resource": ("RestApiId", "ParentId", "PathPart"),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig.Name",),
    "AWS::CloudFront::KeyGroup": ("KeyGroupConfig.Name",),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig.Name",),
    "AWS::CloudFront::OriginRequestPolicy": ("OriginRequestPolicyConfig.Name",),
    "AWS::CloudFront::PublicKey": ("PublicKeyConfig.Name",),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig.Name",),
    "AWS::Cognito::ManagedLoginBranding": ("UserPoolId", "ClientId"),
    "AWS::Cognito::UserPoolDomain": ("Domain",),
    "AWS::MediaPackageV2::Channel": ("ChannelGroupName", "ChannelName"),
    "AWS::MediaPackageV2::ChannelGroup": ("ChannelGroupName",),
    "AWS::MediaPackageV2::OriginEndpoint": (
        "ChannelGroupName",
        "ChannelName",
        "OriginEndpointName",
    ),
}


def changed(old: Properties, new: Properties, path: str) -> bool:
    """Whether the two differ at a path with dots."""
    return bool(at(old, path) != at(new, path))


def at(properties: Mapping[str, Any], path: str) -> Any:
    """What stands at a path with dots; None when nothing does."""
    found: Any = properties
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def kept_by_aws(old: Resource, new: Properties) -> list[str]:
    """Why AWS refuses the change; empty when it does not."""
    kind = "AWS::CloudFormation::CustomResource" if is_custom(old.type) else old.type
    rules = KEPT_BY_AWS.get(kind, {})
    return [f"{path}: {why}" for path, why in rules.items() if changed(old.properties, new, path)]


def needs_replacement(old: Resource, new: Properties, region: str) -> list[str]:
    """The changed properties for which CloudFormation makes a new resource."""
    if is_custom(old.type):
        return []
    names = paths(schema_of(old.type, region), "createOnlyProperties")
    return [name for name in names if changed(old.properties, new, name)]


def unique_name(resource: Resource, region: str) -> tuple[Any, ...] | None:
    """What no second resource of the type may have; None when AWS makes it up."""
    if is_custom(resource.type):
        return None
    default = paths(schema_of(resource.type, region), "primaryIdentifier")
    values = [at(resource.properties, path) for path in UNIQUE.get(resource.type, tuple(default))]
    return (resource.type, *values) if all(value is not None for value in values) else None
