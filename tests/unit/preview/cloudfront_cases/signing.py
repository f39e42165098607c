"""The small tools that make the table's signed cookies and signed URLs."""

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.unit.preview.cloudfront_cases.setting import LATER, LIVE_RSA, PRIVATE_KEYS

HashName = Literal["SHA1", "SHA256"]
HASHES: dict[HashName, hashes.HashAlgorithm] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - what CloudFront takes where no hash is named
    "SHA256": hashes.SHA256(),
}


def safe(octets: bytes) -> str:
    """Base64 in the alphabet that CloudFront reads: `-`, `_`, `~` for `+`, `=`, `/`."""
    return base64.b64encode(octets).decode("ascii").translate(str.maketrans("+=/", "-_~"))


def compact(policy: object) -> str:
    """A policy's JSON without white space."""
    return json.dumps(policy, separators=(",", ":"))


def statement(resource: str | None, **condition: object) -> dict[str, object]:
    """A policy of one statement; without a `Resource` where `resource` is None."""
    whole: dict[str, object] = {} if resource is None else {"Resource": resource}
    return {"Statement": [{**whole, "Condition": condition}]}


def policy(
    resource: str | None, until: int = LATER, since: int | None = None, source_ip: str | None = None
) -> str:
    """The text of a custom policy that ends at `until` and may begin at `since` (epoch seconds)."""
    condition: dict[str, object] = {"DateLessThan": {"AWS:EpochTime": until}}
    if since is not None:
        condition["DateGreaterThan"] = {"AWS:EpochTime": since}
    if source_ip is not None:
        condition["IpAddress"] = {"AWS:SourceIp": source_ip}
    return compact(statement(resource, **condition))


@cache
def sign(text: str, key: str = LIVE_RSA, algorithm: HashName = "SHA1") -> bytes:
    """The signature of `text`: RSA as PKCS #1 v1.5, ECDSA as ASN.1 DER."""
    private = PRIVATE_KEYS[key]
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(text.encode(), padding.PKCS1v15(), HASHES[algorithm])
    return private.sign(text.encode(), ec.ECDSA(HASHES[algorithm]))


def parameters(
    text: str, key: str = LIVE_RSA, algorithm: HashName | None = None, until: int | None = None
) -> dict[str, str]:
    """What a signed URL or cookie carries, by its name in a URL.

    Args:
        text: The policy that is signed.
        key: The key pair that signs.
        algorithm: The hash to sign with and to name; None signs with SHA-1 and names none.
        until: The expiry that stands in place of the policy, for a canned one.
    """
    said = {"Policy": safe(text.encode())} if until is None else {"Expires": str(until)}
    said |= {"Signature": safe(sign(text, key, algorithm or "SHA1")), "Key-Pair-Id": key}
    return said | ({"Hash-Algorithm": algorithm} if algorithm else {})


def as_cookies(said: Mapping[str, str]) -> dict[str, str]:
    """The same as cookies."""
    return {f"CloudFront-{name}": value for name, value in said.items()}


def custom_cookies(
    text: str, key: str = LIVE_RSA, algorithm: HashName | None = None
) -> dict[str, str]:
    """The signed cookies of a custom policy."""
    return as_cookies(parameters(text, key, algorithm))


def canned_cookies(
    url: str, until: int = LATER, key: str = LIVE_RSA, algorithm: HashName | None = None
) -> dict[str, str]:
    """The signed cookies of the canned policy for one URL."""
    return as_cookies(parameters(policy(url, until), key, algorithm, until))


def query(said: Mapping[str, str]) -> str:
    """The same as the query of a URL; no character of CloudFront's alphabet needs escaping."""
    return "&".join(f"{name}={value}" for name, value in said.items())


def with_query(url: str, text: str) -> str:
    """The URL with `text` added to its query."""
    return f"{url}{'&' if '?' in url else '?'}{text}"


def custom_url(url: str, text: str, key: str = LIVE_RSA, algorithm: HashName | None = None) -> str:
    """A URL signed with a custom policy."""
    return with_query(url, query(parameters(text, key, algorithm)))


def canned_url(
    url: str, until: int = LATER, key: str = LIVE_RSA, algorithm: HashName | None = None
) -> str:
    """A URL signed with its canned policy."""
    return with_query(url, query(parameters(policy(url, until), key, algorithm, until)))
