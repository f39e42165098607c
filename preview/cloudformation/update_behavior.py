"""CloudFormation update behavior: immutable properties, replacement, and unique names."""

from collections.abc import Mapping
from typing import Any

from preview.cloudformation.schemas import is_custom, paths, schema_of
from preview.resource import Properties, Resource

# Immutable although the schema does not list them as createOnlyProperties: the update fails.
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
        "the update of an existing KMS key fails, regardless of its UpdateReplacePolicy",
    ),
    "AWS::MediaLive::Channel": {
        # https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html
        "ChannelClass": "UpdateChannel has no channelClass",
    },
    "AWS::MediaPackageV2::OriginEndpoint": {
        # https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_UpdateOriginEndpoint.html
        "ContainerType": "the container type cannot be changed after the endpoint is created",
    },
    "AWS::CloudFormation::CustomResource": {
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
        "ServiceToken": "modifying service token is not allowed",
    },
}

# The properties that must be unique if AWS generates the schema's primary identifier.
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
    """Whether the two differ at a dotted path."""
    return bool(at(old, path) != at(new, path))


def at(properties: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None if there is none."""
    found: Any = properties
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def kept_by_aws(old: Resource, new: Properties) -> list[str]:
    """Why AWS rejects the change; empty if it does not."""
    kind = "AWS::CloudFormation::CustomResource" if is_custom(old.type) else old.type
    rules = KEPT_BY_AWS.get(kind, {})
    return [f"{path}: {why}" for path, why in rules.items() if changed(old.properties, new, path)]


def needs_replacement(old: Resource, new: Properties, region: str) -> list[str]:
    """The changed properties that make CloudFormation replace the resource."""
    if is_custom(old.type):
        return []
    names = paths(schema_of(old.type, region), "createOnlyProperties")
    return [name for name in names if changed(old.properties, new, name)]


def unique_name(resource: Resource, region: str) -> tuple[Any, ...] | None:
    """The values that must be unique within the type; None if AWS generates them."""
    if is_custom(resource.type):
        return None
    default = paths(schema_of(resource.type, region), "primaryIdentifier")
    values = [at(resource.properties, path) for path in UNIQUE.get(resource.type, tuple(default))]
    return (resource.type, *values) if all(value is not None for value in values) else None
