"""CloudFront distribution: serves the page, the API and the media from one host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field
from troposphere import AWSHelperFn, AWSObject, Output, Ref, Sub, cloudfront

from protected_stream.sections.allowed_sites import AllowedSitesOptions, allowed_sites, notes_of
from protected_stream.sections.host_check import host_check
from protected_stream.sections.origin_shield import OriginShieldChoice
from protected_stream.sections.own_domain import OwnDomain, own_domain
from protected_stream.sections.packaging import MediaOrigin
from protected_stream.sections.response_headers import response_headers
from protected_stream.sections.signing import Signing
from protected_stream.sections.viewer_restrictions import (
    ViewerRestrictionOptions,
    ViewerRestrictions,
    viewer_restrictions,
)
from protected_stream.template.behavior import EVERYTHING_ELSE, Behavior, Content
from protected_stream.template.metadata import why
from protected_stream.template.names import POLICY_NAME_LIMIT, physical_name
from protected_stream.template.section import Section

SECONDS_OF_A_YEAR = 31_536_000

# Policies that CloudFront manages.
# Source: Amazon CloudFront Developer Guide, "Use managed cache policies", "… origin request …" and
# "… response headers policies"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"

READ = ("GET", "HEAD")
ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# Seconds for which an origin error is cached. Errors that depend on the viewer (400, 401, 403, 429)
# must never be listed: these entries apply to the whole distribution and to all viewers.
# Source: Amazon CloudFront Developer Guide, "How CloudFront caches HTTP 4xx and 5xx status codes"
ERROR_SECONDS = {404: 1, 500: 0, 502: 0, 503: 0, 504: 0}
# Also the body of the packager's 404s, but their status and time in the cache stay the same: "the
# maximum of" ErrorCachingMinTTL and the max-age "that is returned by the origin when the first
# request generated the error". The page's own Cache-Control reaches browsers, so it is no-store. If
# the page is not in the bucket, viewers get the bucket's 404.
# Source: Amazon CloudFront Developer Guide, "How CloudFront processes HTTP 4xx and 5xx status codes
# from your origin", "How CloudFront processes errors when you have configured custom error pages"
NOT_FOUND = "/404.html"


Settings = Mapping[Content, Mapping[str, Any]]
Host = str | AWSHelperFn
"""A host or an address: text with a domain of the operator's, otherwise a reference."""


class DeliveryOptions(AllowedSitesOptions, ViewerRestrictionOptions):
    """How CloudFront serves the viewers."""

    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = Field(
        default="PriceClass_All", description="edge locations, from the fewest and cheapest to all"
    )
    origin_shield: OriginShieldChoice = Field(
        default="on",
        description="on: CloudFront's requests to MediaPackage pass through one more cache, in the "
        "Region nearest to the stack's, which is charged per request; a Region: in that one; off: "
        "none",
    )
    access_logs: bool = Field(
        default=False, description="log every request, without cookies; only in us-east-1"
    )


@dataclass(frozen=True, kw_only=True)
class Delivery(Section):
    """The distribution that viewers connect to."""

    distribution: cloudfront.Distribution
    domains: tuple[Host, ...]
    """The hosts that viewers may connect to; they watch at the first, to which others redirect."""

    sites: tuple[str, ...]
    """The origins of other pages that may play the stream."""
    crosses_sites: bool
    """Whether some of them are on other sites than the stream, by which browsers hold cookies."""

    def url(self, path: str | AWSHelperFn) -> Host:
        """The address of a path on the stream's host."""
        return _url(self.domains[0], path)

    def urls(self, path: str) -> tuple[Host, ...]:
        """The addresses of a path on each of its hosts."""
        return tuple(_url(domain, path) for domain in self.domains)


def delivery(
    options: DeliveryOptions,
    *,
    behaviors: Sequence[Behavior],
    media: MediaOrigin,
    signing: Signing,
    sign_in_hosts: tuple[AWSHelperFn, ...],
    token_header: str,
) -> Delivery:
    """The distribution: signed cookies for media, no caching for the API, a public page.

    Args:
        options: price class, logs, and from where viewers may come.
        behaviors: what it serves, in order of precedence; one of them matches everything else.
        media: the packager or origin that the media come from.
        signing: the key whose signature the media require.
        sign_in_hosts: hosts that the page connects to besides its own.
        token_header: the header of the viewer's token, which pages send to the API.
    """
    manifests, segments = _manifest_cache(media.manifest_queries), _segment_cache()
    headers = response_headers(sign_in_hosts)
    restrictions = viewer_restrictions(options, media.media_path)
    domain = own_domain(options)
    check, sites = host_check(domain.domains), allowed_sites(options.sites, token_header)
    settings = {
        content: {**one, **check.settings(content), **sites.settings(content)}
        for content, one in _settings(manifests, segments, headers).items()
    }
    (rest,) = (one for one in behaviors if one.path == EVERYTHING_ELSE)
    others = [one for one in behaviors if one is not rest]
    config = cloudfront.DistributionConfig(
        Comment=Ref("AWS::StackName"),
        Enabled=True,
        HttpVersion="http2and3",
        # Source: Amazon CloudFront Developer Guide, "Use signed cookies", IpAddress
        IPV6Enabled=not signing.binds_addresses,
        PriceClass=options.price_class,
        DefaultRootObject="index.html",
        Origins=list({one.origin.Id: one.origin for one in behaviors}.values()),
        CacheBehaviors=[_cache_behavior(one, settings, signing) for one in others],
        DefaultCacheBehavior=cloudfront.DefaultCacheBehavior(
            TargetOriginId=rest.origin.Id, **_served(rest, settings, signing)
        ),
        CustomErrorResponses=_errors(),
        **restrictions.settings,
        **domain.settings,
    )
    parts = (manifests, segments, headers, *check.resources, *sites.resources)
    return _delivered(config, media, restrictions, domain, options=options, parts=parts)


def _delivered(
    config: cloudfront.DistributionConfig,
    media: MediaOrigin,
    restrictions: ViewerRestrictions,
    domain: OwnDomain,
    *,
    options: DeliveryOptions,
    parts: tuple[AWSObject, ...],
) -> Delivery:
    """The distribution with that configuration, and its addresses."""
    distribution = cloudfront.Distribution(
        "Distribution",
        Metadata=why("one host for page, API and media: no CORS, host-only cookies"),
        DistributionConfig=config,
    )
    hosts: tuple[Host, ...] = domain.domains or (distribution.get_att("DomainName"),)
    return Delivery(
        source="delivery",
        heading="The distribution",
        parameters=(*restrictions.parameters, *domain.parameters),
        resources=(
            *parts,
            *restrictions.resources,
            *domain.resources,
            distribution,
            *domain.records(distribution),
        ),
        outputs=(
            _address("WatchAddress", "Where viewers sign in and watch", hosts[0], "/"),
            *(_address(one.output, one.meaning, hosts[0], one.path) for one in media.manifests),
            Output(
                "DistributionId", Description="CloudFront distribution", Value=distribution.ref()
            ),
            *domain.outputs(distribution),
        ),
        notes=(*domain.notes, *notes_of(options)),
        distribution=distribution,
        domains=hosts,
        sites=options.sites,
        crosses_sites=bool(options.allowed_other_sites),
    )


def _url(domain: Host, path: str | AWSHelperFn) -> Host:
    if isinstance(domain, str):
        host = f"https://{domain}"
        return f"{host}{path}" if isinstance(path, str) else Sub(f"{host}${{Path}}", Path=path)
    if isinstance(path, str):
        return Sub(f"https://${{Domain}}{path}", Domain=domain)
    return Sub("https://${Domain}${Path}", Domain=domain, Path=path)


def _address(title: str, meaning: str, domain: Host, path: str | AWSHelperFn) -> Output:
    return Output(title, Description=meaning, Value=_url(domain, path))


def _cache_behavior(
    behavior: Behavior, settings: Settings, signing: Signing
) -> cloudfront.CacheBehavior:
    return cloudfront.CacheBehavior(
        PathPattern=behavior.path,
        TargetOriginId=behavior.origin.Id,
        **_served(behavior, settings, signing),
    )


def _served(behavior: Behavior, settings: Settings, signing: Signing) -> Mapping[str, Any]:
    return {**settings[behavior.content], **(signing.trust if behavior.signed else {})}


def _settings(
    manifests: cloudfront.CachePolicy,
    segments: cloudfront.CachePolicy,
    headers: cloudfront.ResponseHeadersPolicy,
) -> Settings:
    """How each kind of content is served.

    Media allow only GET and HEAD: CloudFront does not check signatures of OPTIONS requests.

    Source: Amazon CloudFront Developer Guide, "Use signed cookies".
    """
    media = {"ViewerProtocolPolicy": "https-only", "AllowedMethods": list(READ)}
    return {
        "manifests": {**media, "CachePolicyId": manifests.ref(), "Compress": True},
        "segments": {**media, "CachePolicyId": segments.ref(), "Compress": True},
        "api": {
            "ViewerProtocolPolicy": "https-only",
            "AllowedMethods": list(ALL_METHODS),
            "CachePolicyId": CACHING_DISABLED,
            "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST_HEADER,
            "ResponseHeadersPolicyId": SECURITY_HEADERS,
        },
        # cached, so that requests for them cannot use up the API's rate, which all viewers share
        "page settings": {
            "ViewerProtocolPolicy": "https-only",
            "AllowedMethods": list(READ),
            "CachePolicyId": CACHING_OPTIMIZED,
            "ResponseHeadersPolicyId": SECURITY_HEADERS,
            "Compress": True,
        },
        "page": {
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": list(READ),
            "CachePolicyId": CACHING_OPTIMIZED,
            "ResponseHeadersPolicyId": headers.ref(),
            "Compress": True,
        },
    }


def _errors() -> list[cloudfront.CustomErrorResponse]:
    """How long errors are cached, and the page for unknown paths.

    CloudFront has no such page for the paths of one behavior only.
    """
    pages: Mapping[int, Mapping[str, Any]] = {
        404: {"ResponseCode": 404, "ResponsePagePath": NOT_FOUND}
    }
    return [
        cloudfront.CustomErrorResponse(
            ErrorCode=code, ErrorCachingMinTTL=seconds, **pages.get(code, {})
        )
        for code, seconds in ERROR_SECONDS.items()
    ]


def _manifest_cache(queries: tuple[str, ...]) -> cloudfront.CachePolicy:
    """MediaPackage sets how long a manifest is cached; the default is one second.

    Source: AWS Elemental MediaTailor User Guide, "Caching optimizations for CDN and MediaPackage".
    """
    return _cache_policy(
        "ManifestCache",
        "manifests",
        _query_strings(queries),
        default_seconds=1,
        compressed=True,
    )


def _query_strings(queries: tuple[str, ...]) -> cloudfront.CacheQueryStringsConfig:
    if not queries:
        return cloudfront.CacheQueryStringsConfig(QueryStringBehavior="none")
    return cloudfront.CacheQueryStringsConfig(
        QueryStringBehavior="whitelist", QueryStrings=list(queries)
    )


def _segment_cache() -> cloudfront.CachePolicy:
    """A segment never changes."""
    return _cache_policy(
        "SegmentCache",
        "segments",
        cloudfront.CacheQueryStringsConfig(QueryStringBehavior="none"),
        default_seconds=86_400,
        compressed=False,
    )


def _cache_policy(
    title: str,
    role: str,
    queries: cloudfront.CacheQueryStringsConfig,
    *,
    default_seconds: int,
    compressed: bool,
) -> cloudfront.CachePolicy:
    """No cookie and no header in the cache key: one copy of the media for all viewers."""
    return cloudfront.CachePolicy(
        title,
        Metadata=why("one copy for all viewers, regardless of cookies"),
        CachePolicyConfig=cloudfront.CachePolicyConfig(
            Name=physical_name(role, limit=POLICY_NAME_LIMIT),
            MinTTL=0,
            DefaultTTL=default_seconds,
            MaxTTL=SECONDS_OF_A_YEAR,
            ParametersInCacheKeyAndForwardedToOrigin=(
                cloudfront.ParametersInCacheKeyAndForwardedToOrigin(
                    EnableAcceptEncodingGzip=compressed,
                    EnableAcceptEncodingBrotli=compressed,
                    CookiesConfig=cloudfront.CacheCookiesConfig(CookieBehavior="none"),
                    HeadersConfig=cloudfront.CacheHeadersConfig(HeaderBehavior="none"),
                    QueryStringsConfig=queries,
                )
            ),
        ),
    )
