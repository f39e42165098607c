"""CloudFront cache policies, response headers policies, origin access controls, and functions.

They, and a distribution's DNS records, exist only as records; here are the settings that AWS
refuses.
"""

from typing import Any

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.resource import Resource
from preview.services.edge.edge_function import edge_function

DAY, YEAR = 86_400, 31_536_000
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
LONGEST_NAME = 64
OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
"""Headers about a connection or a message (RFC 9110, section 7.6.1), which CloudFront sets."""
OF_CLOUDFRONT = ("x-accel-", "x-amz-cf-", "x-edge-")
"""Prefixes of headers that only CloudFront sets.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
"""


def _check_cache_policy(_: Account, policy: Resource) -> None:
    """Checks the order of the times, and that only a policy with a cache has a cache key.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html. The texts
    are CloudFront's: hashicorp/terraform-provider-aws, issue 17878; ballPointPenguin/artificial-u,
    pull request 116.
    """
    config = policy.properties["CachePolicyConfig"]
    least = float(config.get("MinTTL", 0))
    default = float(config.get("DefaultTTL", max(least, DAY)))
    most = float(config.get("MaxTTL", max(default, YEAR)))
    if not least <= default <= most:
        raise Rejected(
            f"{policy.logical_id}: InvalidArgument: MinTTL, MaxTTL and DefaultTTL should follow"
            " order MinTTL less than or equal to DefaultTTL less than or equal to MaxTTL, not"
            f" {least:g}, {default:g}, {most:g}."
        )
    if most == 0:
        for name in _of_a_cache(config["ParametersInCacheKeyAndForwardedToOrigin"]):
            raise Rejected(
                f"{policy.logical_id}: InvalidArgument: The parameter {name} is invalid for policy"
                " with caching disabled."
            )


def _of_a_cache(key: dict[str, Any]) -> list[str]:
    """The parameters of a cache key that need a cache."""
    encodings = [f"EnableAcceptEncoding{name}" for name in ("Gzip", "Brotli")]
    behaviors = ("Header", "Cookie", "QueryString")
    return [
        *(name for name in encodings if key.get(name) in (True, "true")),
        *(
            f"{name}Behavior"
            for name in behaviors
            if key[f"{name}sConfig"][f"{name}Behavior"] != "none"
        ),
    ]


def _check_headers_policy(_: Account, policy: Resource) -> None:
    """Checks the headers that the policy adds.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-response-headers-policies.html
    """
    config = policy.properties["ResponseHeadersPolicyConfig"]
    cors = config.get("CorsConfig", {})
    if cors.get("AccessControlAllowCredentials") in (True, "true"):
        for name in ("AllowHeaders", "AllowMethods", "AllowOrigins"):
            if {"*", "ALL"} & {*cors[f"AccessControl{name}"]["Items"]}:
                raise Rejected(
                    f"{policy.logical_id}: InvalidArgument: AccessControl{name} cannot be * with"
                    " AccessControlAllowCredentials."
                )
    for custom in config.get("CustomHeadersConfig", {}).get("Items", ()):
        name = custom["Header"].lower()
        if name in OF_THE_CONNECTION or name.startswith(OF_CLOUDFRONT):
            raise Rejected(
                f"{policy.logical_id}: InvalidArgument: a policy cannot add the header"
                f" {custom['Header']}."
            )


def _check_access_control(_: Account, control: Resource) -> None:
    name = control.properties["OriginAccessControlConfig"]["Name"]
    if len(name) > LONGEST_NAME:
        raise Rejected(
            f"{control.logical_id}: InvalidArgument: Name must have at most {LONGEST_NAME}"
            f" characters, not {len(name)}."
        )


def _check_function(_: Account, function: Resource) -> None:
    edge_function(function.properties, function.logical_id)


def _check_record(account: Account, record: Resource) -> None:
    """An alias to a distribution must have its name, and the distribution the record's as an alias.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html ("must include an
    alternate domain name that matches the name of the resource record set").
    """
    target = record.properties.get("AliasTarget", {})
    if target.get("HostedZoneId") != DISTRIBUTIONS_ZONE:
        return
    name = record.properties["Name"].removesuffix(".")
    for distribution in account.resources.of_type("AWS::CloudFront::Distribution"):
        aliases = distribution.properties["DistributionConfig"].get("Aliases", ())
        if target["DNSName"] == distribution.attributes["DomainName"] and name in aliases:
            return
    raise Rejected(
        f"{record.logical_id}: InvalidChangeBatch: no distribution {target['DNSName']} has the"
        f" alternate domain name {name}."
    )


DISTRIBUTIONS_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution."""
EDGE_FUNCTION = Provider(
    create=_check_function,
    update=lambda account, _, new: _check_function(account, new),
)
RECORD_SET = Provider(
    create=_check_record,
    update=lambda account, _, new: _check_record(account, new),
)
CACHE_POLICY = Provider(
    create=_check_cache_policy,
    update=lambda account, _, new: _check_cache_policy(account, new),
)
RESPONSE_HEADERS_POLICY = Provider(
    create=_check_headers_policy,
    update=lambda account, _, new: _check_headers_policy(account, new),
)
ORIGIN_ACCESS_CONTROL = Provider(
    create=_check_access_control,
    update=lambda account, _, new: _check_access_control(account, new),
)
