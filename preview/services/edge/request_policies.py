"""CloudFront cache policies and origin request policies: the values they include.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from preview.errors import NotSupported

NOTHING: Mapping[str, Any] = {
    "CookiesConfig": {"CookieBehavior": "none"},
    "HeadersConfig": {"HeaderBehavior": "none"},
    "QueryStringsConfig": {"QueryStringBehavior": "none"},
}
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
MANAGED_CACHE_POLICIES: Mapping[str, Mapping[str, Any]] = {
    CACHING_DISABLED: {
        "MinTTL": 0,
        "MaxTTL": 0,
        "ParametersInCacheKeyAndForwardedToOrigin": NOTHING,
    },
    CACHING_OPTIMIZED: {
        "MinTTL": 1,
        "MaxTTL": 31_536_000,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            **NOTHING,
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": True,
        },
    },
}
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
MANAGED_ORIGIN_REQUEST_POLICIES: Mapping[str, Mapping[str, Any]] = {
    ALL_VIEWER_EXCEPT_HOST_HEADER: {
        "CookiesConfig": {"CookieBehavior": "all"},
        "HeadersConfig": {"HeaderBehavior": "allExcept", "Headers": ["host"]},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    },
}
BEHAVIORS = frozenset({"none", "whitelist", "all", "allExcept", "allViewer"})


@dataclass(frozen=True)
class Selection:
    """The names that a policy includes."""

    behavior: str
    names: frozenset[str]

    def takes(self, name: str) -> bool:
        """Whether the policy includes a name."""
        if self.behavior in {"whitelist", "allExcept"}:
            return (name in self.names) == (self.behavior == "whitelist")
        return self.behavior in {"all", "allViewer"}


@dataclass(frozen=True)
class Selections:
    """The values that a cache policy includes, alone or with an origin request policy."""

    headers: tuple[Selection, ...]
    cookies: tuple[Selection, ...]
    query_strings: tuple[Selection, ...]
    encodings: tuple[str, ...]
    """The values to which CloudFront normalizes Accept-Encoding; empty if it does not."""

    def takes_header(self, name: str) -> bool:
        """Whether the policies include a header; names are case-insensitive."""
        return any(one.takes(name.lower()) for one in self.headers)

    def takes_cookie(self, name: str) -> bool:
        """Whether the policies include a cookie; names are case-sensitive."""
        return any(one.takes(name) for one in self.cookies)

    def query(self, query: str) -> str:
        """The parts of a query string that the policies include, as they were sent."""
        return "&".join(
            part
            for part in query.split("&")
            if any(one.takes(unquote(part.partition("=")[0])) for one in self.query_strings)
        )

    def has_cookies(self) -> bool:
        """Whether the policies can include any cookie."""
        return any(one.behavior != "none" for one in self.cookies)


def selections(*policies: Mapping[str, Any]) -> Selections:
    """The values that the policies include together; raises NotSupported if not supported."""
    return Selections(
        headers=tuple(_headers(policy) for policy in policies),
        cookies=tuple(_selection(policy, "Cookies", "Cookie") for policy in policies),
        query_strings=tuple(
            _selection(policy, "QueryStrings", "QueryString") for policy in policies
        ),
        encodings=tuple(
            encoding
            for encoding, name in (("br", "Brotli"), ("gzip", "Gzip"))
            if any(policy.get(f"EnableAcceptEncoding{name}") for policy in policies)
        ),
    )


def _selection(policy: Mapping[str, Any], names: str, name: str) -> Selection:
    config = policy[f"{names}Config"]
    if (behavior := config[f"{name}Behavior"]) not in BEHAVIORS:
        raise NotSupported(f"the preview does not support {name}Behavior {behavior}")
    return Selection(behavior, frozenset(config.get(names, ())))


def _headers(policy: Mapping[str, Any]) -> Selection:
    """The headers; those that CloudFront adds (CloudFront-...) are not supported."""
    found = _selection(policy, "Headers", "Header")
    names = frozenset(name.lower() for name in found.names)
    for name in sorted(names):
        if name.startswith("cloudfront-"):
            raise NotSupported(f"the preview does not support the header {name} in a policy")
    return Selection(found.behavior, names)
