"""CloudFront distribution settings that the edge supports; others are rejected by name.

The settings: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
aws-properties-cloudfront-distribution-distributionconfig.html.
"""

from collections.abc import Mapping
from typing import Any

from preview.errors import NotSupported

Settings = Mapping[str, Any]

HONORED: Mapping[str, frozenset[str]] = {
    "DistributionConfig": frozenset(
        {
            "CacheBehaviors",
            "CustomErrorResponses",
            "DefaultCacheBehavior",
            "DefaultRootObject",
            "Enabled",
            "Origins",
            "Restrictions",
            "WebACLId",
        }
    ),
    "CacheBehavior": frozenset(
        {
            "AllowedMethods",
            "CachePolicyId",
            "CachedMethods",
            "FunctionAssociations",
            "OriginRequestPolicyId",
            "PathPattern",
            "ResponseHeadersPolicyId",
            "TargetOriginId",
            "TrustedKeyGroups",
            "TrustedSigners",
            "ViewerProtocolPolicy",
        }
    ),
    "Origin": frozenset(
        {
            "CustomOriginConfig",
            "DomainName",
            "Id",
            "OriginAccessControlId",
            "OriginCustomHeaders",
            "OriginPath",
            "S3OriginConfig",
        }
    ),
    "CustomOriginConfig": frozenset({"OriginProtocolPolicy"}),
    "S3OriginConfig": frozenset(),
    "CustomErrorResponse": frozenset(
        {"ErrorCachingMinTTL", "ErrorCode", "ResponseCode", "ResponsePagePath"}
    ),
}
HARMLESS: Mapping[str, Mapping[str, str]] = {
    "DistributionConfig": {
        "Aliases": "names are resolved before the edge",
        "Comment": "for people",
        "HttpVersion": "does not affect HTTP semantics",
        "IPV6Enabled": "addresses are resolved before the edge",
        "Logging": "does not affect responses",
        "PriceClass": "edge locations",
        "ViewerCertificate": "TLS ends before the edge",
    },
    "CacheBehavior": {
        "Compress": "changes the transfer, not the content",
        "RealtimeLogConfigArn": "does not affect responses",
    },
    "Origin": {
        "ConnectionAttempts": "origins here respond or fail immediately",
        "ConnectionTimeout": "as above",
        "OriginShield": "a cache; good responses are cached for the minimum TTL only",
        "ResponseCompletionTimeout": "as ConnectionAttempts",
    },
    "CustomOriginConfig": {
        "HTTPPort": "origins are found by name",
        "HTTPSPort": "origins are found by name",
        "IpAddressType": "origins are found by name",
        "OriginKeepaliveTimeout": "does not affect HTTP semantics",
        "OriginReadTimeout": "origins here respond or fail immediately",
        "OriginSSLProtocols": "does not affect HTTP semantics",
    },
    "S3OriginConfig": {"OriginReadTimeout": "origins here respond or fail immediately"},
    "CustomErrorResponse": {},
}
OFF = ({"Quantity": 0}, {"Enabled": False}, {"GeoRestriction": {"RestrictionType": "none"}})
"""Values, besides empty ones, that turn a setting off."""


def check(config: Settings) -> None:
    """Raises NotSupported for the first setting that the edge would have to ignore."""
    _check("DistributionConfig", config)
    if not config.get("Enabled"):
        raise NotSupported("DistributionConfig.Enabled: a disabled distribution serves nothing")
    for origin in config["Origins"]:
        _check("Origin", origin)
        for kind in ("CustomOriginConfig", "S3OriginConfig"):
            _check(kind, origin.get(kind, {}))
    for behavior in behaviors(config):
        _check("CacheBehavior", behavior)
    for response in config.get("CustomErrorResponses", ()):
        _check("CustomErrorResponse", response)


def _check(place: str, settings: Settings) -> None:
    for name, value in settings.items():
        if name not in HONORED[place] | HARMLESS[place].keys() and value and value not in OFF:
            raise NotSupported(f"the preview does not support {place}.{name}")


def behaviors(config: Settings) -> tuple[Settings, ...]:
    """The cache behaviors in order, with the default last."""
    return (*config.get("CacheBehaviors", ()), config["DefaultCacheBehavior"])
