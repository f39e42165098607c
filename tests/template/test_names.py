"""Physical names never collide and never block a replacement."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from preview.cloudformation.schemas import paths, schema_of
from protected_stream.template.names import digest_of
from tests.conftest import Document, of_type
from tests.resolve import Stack

# type -> the property with its name, and the properties that are the scope of its uniqueness
NAMED = {
    "AWS::ApiGateway::Authorizer": ("Name", ("RestApiId",)),
    "AWS::ApiGateway::RestApi": ("Name", ()),
    "AWS::ApiGateway::Stage": ("StageName", ("RestApiId",)),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig.Name", ()),
    "AWS::CloudFront::Function": ("Name", ()),
    "AWS::CloudFront::KeyGroup": ("KeyGroupConfig.Name", ()),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig.Name", ()),
    "AWS::CloudFront::PublicKey": ("PublicKeyConfig.Name", ()),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig.Name", ()),
    "AWS::Cognito::UserPoolDomain": ("Domain", ()),
    "AWS::Cognito::UserPoolGroup": ("GroupName", ("UserPoolId",)),
    "AWS::Cognito::UserPoolIdentityProvider": ("ProviderName", ("UserPoolId",)),
    "AWS::Logs::DeliveryDestination": ("Name", ()),
    "AWS::Logs::DeliverySource": ("Name", ()),
    "AWS::MediaLive::Channel": ("Name", ()),
    "AWS::MediaLive::Input": ("Name", ()),
    "AWS::MediaPackageV2::Channel": ("ChannelName", ("ChannelGroupName",)),
    "AWS::MediaPackageV2::ChannelGroup": ("ChannelGroupName", ()),
    "AWS::MediaPackageV2::OriginEndpoint": (
        "OriginEndpointName",
        ("ChannelGroupName", "ChannelName"),
    ),
    "AWS::Scheduler::Schedule": ("Name", ("GroupName",)),
    "AWS::Scheduler::ScheduleGroup": ("Name", ()),
}
# Properties that look like the resource's name but are not
NAMES_OF_OTHERS = {
    "AWS::CertificateManager::Certificate.DomainName",  # a domain of the operator's
    "AWS::CloudWatch::Alarm.MetricName",
    "AWS::Cognito::UserPoolUser.Username",
    "AWS::Cognito::UserPoolUserToGroupAttachment.GroupName",
    "AWS::Cognito::UserPoolUserToGroupAttachment.Username",
    "AWS::Lambda::EventInvokeConfig.FunctionName",
    "AWS::Lambda::Permission.FunctionName",
    "AWS::Logs::Delivery.DeliverySourceName",
    "AWS::Logs::MetricFilter.LogGroupName",
    "AWS::Logs::LogGroup.LogGroupName",  # the one that API Gateway writes a stage's logs to
    "AWS::MediaPackageV2::Channel.ChannelGroupName",
    "AWS::MediaPackageV2::OriginEndpoint.ChannelGroupName",
    "AWS::MediaPackageV2::OriginEndpoint.ChannelName",
    "AWS::MediaPackageV2::OriginEndpointPolicy.ChannelGroupName",
    "AWS::MediaPackageV2::OriginEndpointPolicy.ChannelName",
    "AWS::MediaPackageV2::OriginEndpointPolicy.OriginEndpointName",
    "AWS::Route53::RecordSet.Name",  # a domain of the operator's
    "AWS::Scheduler::Schedule.GroupName",
    "AWS::SecretsManager::Secret.Name",  # chosen by the operator, and empty by default
}
# Longest names, from the resource schemas and API references; a public key's name is the key
# group's plus 17 characters
LIMITS = {
    "AWS::CloudFront::CachePolicy": 128,
    "AWS::CloudFront::Function": 64,
    "AWS::CloudFront::KeyGroup": 100,
    "AWS::CloudFront::OriginAccessControl": 64,
    "AWS::CloudFront::PublicKey": 128,
    "AWS::CloudFront::ResponseHeadersPolicy": 128,
    "AWS::Cognito::UserPoolDomain": 63,
    "AWS::Logs::DeliveryDestination": 60,
    "AWS::Logs::DeliverySource": 60,
    "AWS::MediaPackageV2::ChannelGroup": 256,
    "AWS::Scheduler::Schedule": 64,
    "AWS::Scheduler::ScheduleGroup": 64,
}
# Immutable although the schema does not say so: API reference, CreateOriginEndpoint
KEPT_BEYOND_THE_SCHEMA = {"AWS::MediaPackageV2::OriginEndpoint": ("ContainerType",)}
# Names that need no digest: what identifies them cannot be replaced on its own
FIXED = {
    "AWS::ApiGateway::Authorizer": "its API is its scope: another API has no such authorizer",
    "AWS::ApiGateway::Stage": "its API is its scope: another API has no such stage",
    "AWS::Cognito::UserPoolDomain": "its pool is never replaced: no property of it is createOnly",
    "AWS::Cognito::UserPoolGroup": "the same; another name is another group",
    "AWS::Cognito::UserPoolIdentityProvider": "the same; its type stays (docs/viewers.md)",
}


def test_every_name_is_known(any_template: Document) -> None:
    for resource in any_template["Resources"].values():
        kind = resource["Type"]
        known, _ = NAMED.get(kind, (None, ()))
        for path in _name_like(resource.get("Properties", {})):
            assert path == known or f"{kind}.{path}" in NAMES_OF_OTHERS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "one"}, {"name": "other"}),
        ({"region": "us-east-1"}, {"region": "eu-west-1"}),
    ],
    ids=["two stacks", "two Regions"],
)
def test_no_name_is_used_twice(
    any_template: Document, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first = Stack(template=any_template, uuid="1a2b3c4d-1", **one)
    second = Stack(template=any_template, uuid="5e6f7a8b-2", **other)
    assert not set(_names(first)) & set(_names(second))


def test_no_name_is_used_twice_within_a_stack(any_template: Document) -> None:
    names = list(_names(Stack(template=any_template)))
    assert len(names) == len(set(names))


def test_names_fit_with_the_longest_stack_name_and_region(any_template: Document) -> None:
    stack = Stack(template=any_template, name="s" * 128, region="ap-southeast-2")
    for kind, *_, name in _names(stack):
        assert len(name) <= LIMITS.get(kind, 255)
        assert re.fullmatch(r"[A-Za-z0-9_-]+", name)


def test_a_stack_named_after_a_reserved_word_can_sign_in(any_template: Document) -> None:
    stack = Stack(template=any_template, name="aws-amazon-cognito")
    for domain in of_type(any_template, "AWS::Cognito::UserPoolDomain").values():
        assert not re.search("aws|amazon|cognito", stack.value(domain["Domain"]))


def test_immutable_properties_are_in_the_name(any_encoded_template: Document) -> None:
    """So the replacement has a different name, and both can exist at once."""
    checked = 0
    for kind, (name, _) in NAMED.items():
        for properties in of_type(any_encoded_template, kind).values():
            kept = {
                key: properties[key]
                for key in (
                    *paths(schema_of(kind, "us-east-1"), "createOnlyProperties"),
                    *KEPT_BEYOND_THE_SCHEMA.get(kind, ()),
                )
                if key in properties and key != name
            }
            if kept and kind not in FIXED:
                assert _ends_with(properties[name], digest_of(kept)), kind
                assert all(digest_of({**kept, key: "changed"}) != digest_of(kept) for key in kept)
                checked += 1
    assert checked >= 3


def _names(stack: Stack) -> Iterator[tuple[str, ...]]:
    """Type, scope and name of everything that has a physical name."""
    for kind, (name, scope) in NAMED.items():
        for properties in of_type(dict(stack.template), kind).values():
            yield (
                kind,
                *(stack.value(properties[part]) for part in scope),
                stack.value(_at(properties, name)),
            )
    # the function creates keys and key group under a name from the template
    if "SigningKeyFunction" in stack.template["Resources"]:
        function = stack.properties("SigningKeyFunction")
        yield "AWS::CloudFront::KeyGroup", function["Environment"]["Variables"]["NAME"]


def _name_like(properties: Document) -> Iterator[str]:
    """Properties that look like the resource's own name."""
    for key, value in properties.items():
        if re.search(r"(^|[a-z])Name$|^Domain$|name$", key):
            yield key
        if key.endswith("Config") and isinstance(value, dict) and "Name" in value:
            yield f"{key}.Name"


def _at(properties: Document, path: str) -> Any:
    value: Any = properties
    for key in path.split("."):
        value = value[key]
    return value


def _ends_with(name: Any, digest: str) -> bool:
    return str(name if isinstance(name, str) else name["Fn::Join"][1][-1]).endswith(digest)
