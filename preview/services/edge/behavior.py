"""CloudFront cache behavior, with its origin and policies.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from preview.errors import NotSupported, Rejected
from preview.services.edge import response_headers
from preview.services.edge.edge_function import EdgeFunction
from preview.services.edge.request_policies import (
    CACHING_DISABLED,
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    NOTHING,
    Selections,
    selections,
)
from preview.services.edge.signed_requests import base_query
from preview.services.edge.viewer_request import ViewerRequest, normalized
from preview.services.edge.wildcards import matches

Settings = Mapping[str, Any]
Lookup = Callable[[str], Settings]
PROTOCOL_POLICIES = frozenset({"allow-all", "https-only", "redirect-to-https"})
METHODS = ("GET", "HEAD")
"""Allowed and cached by default."""


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """How CloudFront handles requests for one path pattern."""

    settings: Settings
    origin: Settings
    cache_key: Selections
    forwarded: Selections
    shortest: float
    """Seconds: the cache policy's MinTTL."""
    longest: float
    """Seconds: the cache policy's MaxTTL."""
    response_headers: Settings
    function: EdgeFunction | None
    """What runs at viewer-request."""

    def fits(self, path: str) -> bool:
        """Whether the path pattern matches a path; its leading slash is optional."""
        pattern = self.settings.get("PathPattern", "*").removeprefix("/")
        return matches(pattern, normalized(path).removeprefix("/"))

    @property
    def allowed_methods(self) -> frozenset[str]:
        """Other methods are rejected."""
        return frozenset(self.settings.get("AllowedMethods", METHODS))

    @property
    def cached_methods(self) -> frozenset[str]:
        """The methods whose responses may be cached.

        "If you're using the CachingDisabled managed cache policy, CloudFront won't cache these
        status codes or custom error pages."
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
        """
        if self.settings["CachePolicyId"] == CACHING_DISABLED:
            return frozenset()
        return frozenset(self.settings.get("CachedMethods", METHODS))

    @property
    def is_restricted(self) -> bool:
        """Whether viewers need signed cookies or URLs."""
        return any(self.settings.get(name) for name in ("TrustedKeyGroups", "TrustedSigners"))

    def key_of(self, viewer: ViewerRequest) -> Hashable:
        """The cache key, which has only the parts of the request that the policies name.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html
        """
        key = self.cache_key
        headers = ((name.lower(), value) for name, value in viewer.http.headers)
        return (
            viewer.http.method,
            viewer.path,
            key.query(base_query(viewer.query) if self.is_restricted else viewer.query),
            tuple(sorted(pair for pair in headers if key.takes_header(pair[0]))),
            tuple(sorted(pair for pair in viewer.cookies.items() if key.takes_cookie(pair[0]))),
        )


def behavior(
    settings: Settings,
    *,
    origins: Mapping[str, Settings],
    cache_policy: Lookup,
    origin_request_policy: Lookup,
    response_headers_policy: Lookup,
    function: Callable[[str], EdgeFunction],
) -> Behavior:
    """Looks up the origin and policies of a behavior.

    Raises:
        Rejected: one of them does not exist.
        NotSupported: the preview does not support a setting.
    """
    if settings["ViewerProtocolPolicy"] not in PROTOCOL_POLICIES:
        raise NotSupported(
            f"the preview does not support ViewerProtocolPolicy {settings['ViewerProtocolPolicy']}"
        )
    if "CachePolicyId" not in settings:
        raise NotSupported("the preview does not support a cache behavior without CachePolicyId")
    cache_id, forward_id = settings["CachePolicyId"], settings.get("OriginRequestPolicyId")
    headers_id = settings.get("ResponseHeadersPolicyId")
    cache = MANAGED_CACHE_POLICIES.get(cache_id) or known(cache_policy, cache_id)
    key = cache["ParametersInCacheKeyAndForwardedToOrigin"]
    forward = MANAGED_ORIGIN_REQUEST_POLICIES.get(forward_id or "") or (
        known(origin_request_policy, forward_id) if forward_id else NOTHING
    )
    headers = response_headers.MANAGED_RESPONSE_HEADERS_POLICIES.get(headers_id or "") or (
        known(response_headers_policy, headers_id) if headers_id else {}
    )
    response_headers.check(headers)
    return Behavior(
        settings=settings,
        origin=known(origins.__getitem__, settings["TargetOriginId"]),
        cache_key=selections(key),
        forwarded=selections(key, forward),
        shortest=float(cache.get("MinTTL", 0)),
        longest=float(cache.get("MaxTTL", 31_536_000)),
        response_headers=headers,
        function=_function(settings, function),
    )


def _function(settings: Settings, function: Callable[[str], EdgeFunction]) -> EdgeFunction | None:
    """The function at viewer-request, if there is one.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_FunctionAssociation.html
    """
    associations = settings.get("FunctionAssociations", ())
    kinds = [one["EventType"] for one in associations]
    if len(set(kinds)) < len(kinds):
        raise Rejected(
            "InvalidFunctionAssociation: a cache behavior has at most one function for each event"
        )
    for one in associations:
        if one["EventType"] != "viewer-request":
            raise NotSupported(f"the preview does not support functions at {one['EventType']}")
        try:
            return function(one["FunctionARN"])
        except KeyError:
            raise Rejected(
                f"InvalidFunctionAssociation: {one['FunctionARN']} is not a published function here"
            ) from None
    return None


def known(lookup: Lookup, name: str) -> Settings:
    """The settings with that ID; raises Rejected instead of KeyError."""
    try:
        return lookup(name)
    except KeyError:
        raise Rejected(f"the distribution names {name}, which does not exist here") from None
