"""CloudFront signed cookies and URLs: the statement of their policy.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
private-content-setting-signed-cookie-custom-policy.html and -canned-policy.html,
private-content-creating-signed-url-custom-policy.html.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_address
from typing import Any

from preview.services.edge.resource_pattern import ResourcePattern, resource_pattern

LAST_EPOCH_SECOND = 2**31 - 1
"""A date "can be no later than 2147483647"."""
EXPIRES = re.compile(r"0|[1-9][0-9]{0,9}")
WHITE_SPACE = re.compile(rb"[ \t\r\n]")
IPV4 = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?")


class Malformed(Exception):
    """The policy is not in the documented format."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The one statement of a policy; times in epoch seconds."""

    resource: ResourcePattern | None
    """None, when omitted: users can access all files of all distributions that trust the key."""
    until: int
    after: int | None
    addresses: IPv4Network | None

    def covers(self, url: str) -> bool:
        """Whether the resource matches the full URL, including the query string."""
        return self.resource is None or self.resource.covers(url)

    def is_valid_at(self, now: float) -> bool:
        """Not "on or before" the start, and before the end, in whole seconds."""
        return (self.after is None or self.after < int(now)) and int(now) < self.until

    def admits(self, viewer: str) -> bool:
        """Whether the viewer's IP address is in the range; IPv6 addresses "are not supported"."""
        if self.addresses is None:
            return True
        try:
            return ip_address(viewer) in self.addresses
        except ValueError:
            return False


def canned(url: str, expires: str) -> bytes:
    """The canned policy for a URL and its expiration, as text."""
    if not EXPIRES.fullmatch(expires):
        raise Malformed
    condition = {"DateLessThan": {"AWS:EpochTime": int(expires)}}
    policy = {"Statement": [{"Resource": url, "Condition": condition}]}
    return json.dumps(policy, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def statement(policy: bytes) -> Statement:
    """The statement of a policy in UTF-8; raises Malformed.

    The documentation says both "Remove all empty spaces" and "include a newline character after the
    closing brace": that newline is the only white space accepted. "Include all punctuation and
    parameter names exactly as specified": other names are rejected.
    """
    if WHITE_SPACE.search(policy.removesuffix(b"\n")):
        raise Malformed
    try:
        document = json.loads(policy.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise Malformed from None
    statements = _members(document, required={"Statement"})["Statement"]
    if not isinstance(statements, list) or len(statements) != 1:
        raise Malformed
    only = _members(statements[0], required={"Condition"}, optional={"Resource"})
    condition = _members(
        only["Condition"], required={"DateLessThan"}, optional={"DateGreaterThan", "IpAddress"}
    )
    return Statement(
        resource=_resource(only["Resource"]) if "Resource" in only else None,
        until=_epoch_time(condition["DateLessThan"]),
        after=_epoch_time(condition["DateGreaterThan"]) if "DateGreaterThan" in condition else None,
        addresses=_addresses(condition["IpAddress"]) if "IpAddress" in condition else None,
    )


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs := list(pairs))
    if len(members) != len(pairs):
        raise Malformed
    return members


def _members(
    value: object, *, required: set[str], optional: frozenset[str] | set[str] = frozenset()
) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not required <= value.keys() <= required | optional:
        raise Malformed
    return value


def _resource(value: object) -> ResourcePattern:
    if not isinstance(value, str):
        raise Malformed
    try:
        return resource_pattern(value)
    except ValueError:
        raise Malformed from None


def _epoch_time(value: object) -> int:
    """A number, "Do not enclose the value in quotation marks"."""
    seconds = _members(value, required={"AWS:EpochTime"})["AWS:EpochTime"]
    if type(seconds) is not int or not 0 <= seconds <= LAST_EPOCH_SECOND:
        raise Malformed
    return seconds


def _addresses(value: object) -> IPv4Network:
    """One IPv4 address or one range in CIDR notation."""
    text = _members(value, required={"AWS:SourceIp"})["AWS:SourceIp"]
    if not isinstance(text, str) or not IPV4.fullmatch(text):
        raise Malformed
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        raise Malformed from None
