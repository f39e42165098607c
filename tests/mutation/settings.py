"""Mutation operators for settings of the distribution and the app client: the likely mistakes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.mutation.templates import Path, Template, changed_to, named, without

Mistakes = Iterator[tuple[str, Template]]

METHODS: Sequence[Sequence[str]] = (
    ("GET", "HEAD"),
    ("GET", "HEAD", "OPTIONS"),
    ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"),
)
"""The sets of methods that CloudFront allows, from the narrowest.

Source: Amazon CloudFront API Reference, AllowedMethods.
"""
CLIENT: Mapping[str, Sequence[Any]] = {
    "GenerateSecret": (True,),
    "ReadAttributes": (["name"],),
    "RefreshTokenRotation": ({"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},),
}
"""What an app client's settings are changed to."""


def _of_type(template: Template, resource_type: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == resource_type:
            yield ("Resources", name, "Properties"), resource["Properties"]


def _behaviors(template: Template) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every cache behavior of every distribution."""
    for path, properties in _of_type(template, "AWS::CloudFront::Distribution"):
        config = (*path, "DistributionConfig")
        for index, behavior in enumerate(properties["DistributionConfig"]["CacheBehaviors"]):
            yield (*config, "CacheBehaviors", index), behavior
        yield (
            (*config, "DefaultCacheBehavior"),
            properties["DistributionConfig"]["DefaultCacheBehavior"],
        )


def _policies(name: str) -> Callable[[Template], Mistakes]:
    """Every behavior's policy replaced by each of the other behaviors', or removed like theirs."""

    def mistakes(template: Template) -> Mistakes:
        used: list[Any] = []
        for _, behavior in _behaviors(template):
            if behavior.get(name) not in used:
                used.append(behavior.get(name))
        for path, behavior in _behaviors(template):
            for other in used:
                if other != behavior.get(name):
                    place = (*path, name)
                    yield f"{named(place)}: {_shown(other)}", _put(template, place, other)

    return mistakes


def _shown(value: Any) -> str:
    """A policy's logical ID or ID."""
    return str(value["Ref"] if isinstance(value, dict) else value)


def _put(template: Template, place: Path, value: Any) -> Template:
    if value is None:
        return without(template, place)
    return changed_to(template, place, value)


def _methods(template: Template) -> Mistakes:
    """Every behavior allows more methods."""
    for path, behavior in _behaviors(template):
        allowed = behavior.get("AllowedMethods", METHODS[0])
        for wider in METHODS:
            if len(wider) > len(allowed):
                place = (*path, "AllowedMethods")
                yield f"{named(place)}: {wider[-1]} allowed", changed_to(template, place, [*wider])


def _protocols(template: Template) -> Mistakes:
    """CloudFront fetches from every custom origin without encryption."""
    for path, properties in _of_type(template, "AWS::CloudFront::Distribution"):
        for index, origin in enumerate(properties["DistributionConfig"]["Origins"]):
            if "CustomOriginConfig" in origin:
                place: Path = (*path, "DistributionConfig", "Origins", index, "CustomOriginConfig")
                place = (*place, "OriginProtocolPolicy")
                yield f"{named(place)}: http-only", changed_to(template, place, "http-only")


def _client(template: Template) -> Mistakes:
    """Settings of every app client flipped; each of its addresses and scopes changed."""
    for path, properties in _of_type(template, "AWS::Cognito::UserPoolClient"):
        for name, values in CLIENT.items():
            for value in values:
                place = (*path, name)
                yield f"{named(place)}: {value}", changed_to(template, place, value)
        for name in ("CallbackURLs", "LogoutURLs", "AllowedOAuthScopes"):
            for index, _ in enumerate(properties[name]):
                place = (*path, name, index)
                yield f"{named(place)}: removed", without(template, place)
        for name, more in (
            ("CallbackURLs", "http://example.com/"),
            ("CallbackURLs", "https://example.com/"),
            ("LogoutURLs", "http://example.com/"),
            ("AllowedOAuthScopes", "aws.cognito.signin.user.admin"),
            ("AllowedOAuthScopes", "stream/watch"),
        ):
            place = (*path, name)
            yield (
                f"{named(place)}: {more} added",
                changed_to(template, place, [*properties[name], more]),
            )


SETTINGS: Mapping[str, Callable[[Template], Mistakes]] = {
    "cache policy": _policies("CachePolicyId"),
    "origin request policy": _policies("OriginRequestPolicyId"),
    "allowed methods": _methods,
    "origin protocol": _protocols,
    "app client": _client,
}
"""By name; CONTRIBUTING.md says what mutations are for."""
