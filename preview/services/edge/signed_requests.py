"""CloudFront signed cookies and signed URLs: validates a viewer's request.

Pure function: it maps a request to a refusal or None, and never raises an exception for any input.
Where the documentation is ambiguous, it takes the stricter reading.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
private-content-signed-cookies.html, private-content-choosing-signed-urls-cookies.html and the
pages that policy_statement.py and signatures.py name. They do not name the error codes, which
appear in https://repost.aws/knowledge-center/cloudfront-troubleshoot-signed-url-cookies,
https://github.com/aws/aws-sdk-js/issues/2236, https://github.com/aws/aws-sdk-js-v3/issues/4516,
https://github.com/aws-solutions-library-samples/video-on-demand-on-aws/issues/100.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from preview.services.edge.policy_statement import Malformed, canned, statement
from preview.services.edge.signatures import DEFAULT_HASH, PublicKey, decoded, is_signed

PublicKeys = Mapping[str, PublicKey]
"""Public keys by ID, which is the key pair ID in cookies and URLs."""

URL_PARAMETERS = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"})
"""A URL with any of them is a signed URL (private-content-choosing-signed-urls-cookies.html)."""
COOKIES = {f"CloudFront-{name}": name for name in URL_PARAMETERS}


@dataclass(frozen=True)
class Refusal:
    """CloudFront's 403 response: the code and message in its XML body."""

    code: str
    message: str


MISSING_KEY = Refusal("MissingKey", "Missing Key-Pair-Id query parameter or cookie value")
UNKNOWN_KEY = Refusal("InvalidKey", "Unknown Key")
MALFORMED_POLICY = Refusal("MalformedPolicy", "Malformed Policy")
ACCESS_DENIED = Refusal("AccessDenied", "Access denied")


def refusal(
    *,
    url: str,
    method: str,
    cookies: Mapping[str, str],
    viewer: str,
    now: float,
    keys: PublicKeys,
) -> Refusal | None:
    """Why CloudFront rejects the request; None if it is allowed.

    `url` is the full URL as the viewer sent it, with its query string; `viewer` is an IP address;
    `now` is in epoch seconds; `keys` are those that the cache behavior trusts. OPTIONS requests are
    not checked (private-content-signed-cookies.html).
    """
    if method == "OPTIONS":
        return None
    base_url, signed = _split(url)
    if not signed:
        signed = {COOKIES[name]: value for name, value in cookies.items() if name in COOKIES}
    key_pair_id = signed.get("Key-Pair-Id")
    if not key_pair_id:
        return MISSING_KEY
    if key_pair_id not in keys:
        return UNKNOWN_KEY
    try:
        policy = _policy(signed, base_url)
        if not _is_signed(policy, signed, keys[key_pair_id]):
            return ACCESS_DENIED
        granted = statement(policy)
    except Malformed:
        return MALFORMED_POLICY
    is_granted = granted.covers(base_url) and granted.is_valid_at(now) and granted.admits(viewer)
    return None if is_granted else ACCESS_DENIED


def base_query(query: str) -> str:
    """A query string without CloudFront's own parameters; the others stay as they were sent."""
    parts = query.split("&")
    return "&".join(part for part in parts if _parameter(part)[0] not in URL_PARAMETERS)


def _parameter(part: str) -> tuple[str, str]:
    """Name and value, decoded: %7E and ~ are equivalent (RFC 3986, section 6.2.2.2)."""
    name, _, value = part.partition("=")
    return unquote(name), unquote(value)


def _split(url: str) -> tuple[str, Mapping[str, str]]:
    """The base URL, and CloudFront's own parameters; a duplicate parameter has an empty value.

    Source: private-content-creating-signed-url-custom-policy.html, "Resource".
    """
    address, _, query = url.partition("?")
    own: dict[str, str] = {}
    for name, value in map(_parameter, query.split("&")):
        if name in URL_PARAMETERS:
            own[name] = "" if name in own else value
    rest = base_query(query)
    return (f"{address}?{rest}" if rest else address), own


def _policy(signed: Mapping[str, str], base_url: str) -> bytes:
    """The signed bytes: the custom policy, or the reconstructed canned policy."""
    if "Policy" not in signed:
        return canned(base_url, signed.get("Expires", ""))
    try:
        return decoded(signed["Policy"])
    except ValueError:
        raise Malformed from None


def _is_signed(policy: bytes, signed: Mapping[str, str], key: PublicKey) -> bool:
    return is_signed(
        policy,
        signature=signed.get("Signature", ""),
        algorithm=signed.get("Hash-Algorithm", DEFAULT_HASH),
        key=key,
    )
