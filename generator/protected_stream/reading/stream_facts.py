"""What a visitor of a deployed stream must know: its manifests, cookies, tokens and sites."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.errors import AwsError

Template = Mapping[str, Any]

DISTRIBUTION, METHOD = "AWS::CloudFront::Distribution", "AWS::ApiGateway::Method"
HEADERS = "AWS::CloudFront::ResponseHeadersPolicy"
FUNCTION, AUTHORIZER = "AWS::Lambda::Function", "AWS::ApiGateway::Authorizer"
ROTATION = "AWS::SecretsManager::RotationSchedule"
API_WEB_ACL = "AWS::WAFv2::WebACLAssociation"
IDENTITY = "method.request.header."
"""How an authorizer's IdentitySource begins. Source: API Gateway API Reference, Authorizer."""


@dataclass(frozen=True, kw_only=True)
class StreamFacts:
    """Facts that the emitted template states."""

    manifests: tuple[str, ...]
    """The outputs with the URLs of manifests."""
    cookies_function: str
    """The logical ID of the function that signs the cookies."""
    cookie_seconds: int
    """The least lifetime of the cookies."""
    step_seconds: int
    """How much longer they may live."""
    groups: tuple[str, ...]
    """The viewer must be a member of one of them; empty: every viewer may watch."""
    is_bound: bool
    """Whether cookies are for one IPv4 address."""
    has_other_sites: bool
    """Whether pages of other sites may play."""
    token_header: str
    """The header with the viewer's access token."""
    sites: tuple[str, ...]
    """The origins of other pages that may play the stream."""
    domains: tuple[str, ...]
    """Names of the stream that are not CloudFront's."""
    is_api_closed: bool
    """Whether the API's own address refuses everybody."""
    has_own_packager: bool
    """Whether the stack has made the media's origin."""
    has_key_group: bool
    """Whether CloudFront trusts a key group, not an account's key pairs."""
    has_rotation: bool
    """Whether Secrets Manager rotates the key."""


def stream_facts(template: Template) -> StreamFacts:
    """The facts of an emitted template.

    Raises:
        AwsError: the template is from another program.
    """
    try:
        return _facts(template)
    except (LookupError, StopIteration, TypeError, AttributeError, ValueError):
        raise AwsError(
            "The stack's template has no distribution with signed cookies of this program: name "
            "another stack with --stack."
        ) from None


def _facts(template: Template) -> StreamFacts:
    config = next(_properties(template, DISTRIBUTION))["DistributionConfig"]
    function = _cookies_function(template)
    variables = template["Resources"][function]["Properties"]["Environment"]["Variables"]
    source = str(next(_properties(template, AUTHORIZER))["IdentitySource"])
    return StreamFacts(
        manifests=tuple(name for name in template["Outputs"] if name.endswith("Manifest")),
        cookies_function=function,
        cookie_seconds=int(variables["COOKIE_SECONDS"]),
        step_seconds=int(variables["STEP_SECONDS"]),
        groups=tuple(variables.get("GROUPS", "").split()),
        is_bound="BIND_IP" in variables,
        has_other_sites="OTHER_SITES" in variables,
        token_header=source.removeprefix(IDENTITY),
        sites=tuple(dict.fromkeys(_sites(template))),
        domains=tuple(name for name in config.get("Aliases", ()) if isinstance(name, str)),
        is_api_closed=any(_properties(template, API_WEB_ACL)),
        has_own_packager="PackagerEndpointArn" in template["Outputs"],
        has_key_group="KeyGroupId" in template["Outputs"],
        has_rotation=any(_properties(template, ROTATION)),
    )


def _properties(template: Template, kind: str) -> Iterator[Mapping[str, Any]]:
    for resource in template["Resources"].values():
        if resource["Type"] == kind:
            yield resource["Properties"]


def _cookies_function(template: Template) -> str:
    """The function of the environment whose variables have the cookies' lifetime."""
    return next(
        str(name)
        for name, resource in template["Resources"].items()
        if resource["Type"] == FUNCTION
        and "COOKIE_SECONDS" in resource["Properties"].get("Environment", {}).get("Variables", {})
    )


def _sites(template: Template) -> Iterator[str]:
    for properties in _properties(template, HEADERS):
        cors = properties["ResponseHeadersPolicyConfig"].get("CorsConfig", {})
        yield from cors.get("AccessControlAllowOrigins", {}).get("Items", ())
