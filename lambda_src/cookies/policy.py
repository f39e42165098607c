"""CloudFront custom policy of the signed cookies, and the base64 variant for cookie values.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""

import base64
import json
from collections.abc import Mapping

_NOT_ALLOWED_IN_COOKIES = str.maketrans("+=/", "-_~")


def policy(resource: str, expires: int, **conditions: Mapping[str, str]) -> bytes:
    """The policy to sign: `resource` may be fetched until `expires` (epoch seconds).

    `conditions` must hold, too. CloudFront verifies exactly these bytes, without whitespace.
    Resource is always included: a policy without it gives access to every distribution that trusts
    the key.
    """
    condition = {"DateLessThan": {"AWS:EpochTime": expires}, **conditions}
    statement = {"Resource": resource, "Condition": condition}
    text = json.dumps({"Statement": [statement]}, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def from_address(address: str) -> Mapping[str, str]:
    """The policy's condition IpAddress: only a viewer with this IPv4 address may fetch."""
    return {"AWS:SourceIp": f"{address}/32"}


def cookie_text(content: bytes) -> str:
    """`content` in base64 with `-`, `_` and `~` for `+`, `=` and `/` (not RFC 4648's base64url)."""
    return base64.b64encode(content).decode().translate(_NOT_ALLOWED_IN_COOKIES)
