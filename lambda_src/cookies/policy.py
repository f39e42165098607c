"""What the viewer's cookies allow: the custom policy, and the alphabet cookies are written in.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""

import base64
import json

_NOT_ALLOWED_IN_COOKIES = str.maketrans("+=/", "-_~")


def policy(resource: str, expires: int) -> bytes:
    """The text to sign: `resource` may be fetched until `expires` (epoch seconds).

    CloudFront signs and checks these very bytes, without any white space. The Resource is never
    left out: a policy without one opens every distribution that trusts the key.
    """
    condition = {"DateLessThan": {"AWS:EpochTime": expires}}
    statement = {"Resource": resource, "Condition": condition}
    text = json.dumps({"Statement": [statement]}, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def cookie_text(content: bytes) -> str:
    """`content` in base64 with `-`, `_` and `~` for `+`, `=` and `/` (not RFC 4648's base64url)."""
    return base64.b64encode(content).decode().translate(_NOT_ALLOWED_IN_COOKIES)
