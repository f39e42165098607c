"""Every way to be let in: each trusted key, by cookie or by URL, custom or canned, by each hash."""

from collections.abc import Callable

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import (
    ALIAS,
    LATER,
    LIVE_ECDSA,
    LIVE_RSA,
    NOW,
    PARTNER_RSA,
    SELF_RSA,
    VOD_ECDSA,
    VOD_RSA,
)
from tests.unit.preview.cloudfront_cases.signing import (
    HashName,
    canned_cookies,
    canned_url,
    custom_cookies,
    custom_url,
    policy,
)

COOKIE = Saying(
    "private-content-signed-cookies",
    "If the request meets the requirements in the policy statement, CloudFront serves your "
    "content as it does for content that isn't restricted.",
)
URL = Saying(
    "private-content-signed-urls",
    "If the request meets the requirements in the policy statement, CloudFront performs the "
    "standard operations: determines whether the file is already in the edge cache, forwards the "
    "request to the origin if necessary, and returns the file to the user.",
)

Request = tuple[str, dict[str, str]]


def _custom_cookies(url: str, until: int, key: str, algorithm: HashName) -> Request:
    return url, custom_cookies(policy(url, until), key, algorithm)


def _canned_cookies(url: str, until: int, key: str, algorithm: HashName) -> Request:
    return url, canned_cookies(url, until, key, algorithm)


def _custom_url(url: str, until: int, key: str, algorithm: HashName) -> Request:
    return custom_url(url, policy(url, until), key, algorithm), {}


def _canned_url(url: str, until: int, key: str, algorithm: HashName) -> Request:
    return canned_url(url, until, key, algorithm), {}


_WAYS: tuple[tuple[str, Saying, Callable[[str, int, str, HashName], Request]], ...] = (
    ("custom cookies", COOKIE, _custom_cookies),
    ("canned cookies", COOKIE, _canned_cookies),
    ("a custom URL", URL, _custom_url),
    ("a canned URL", URL, _canned_url),
)
_KEYS = (
    ("/live/1.ts", LIVE_RSA),
    ("/live/1.ts", LIVE_ECDSA),
    ("/vod/1.ts", VOD_RSA),
    ("/vod/1.ts", VOD_ECDSA),
    ("/both/1.ts", LIVE_RSA),
    ("/both/1.ts", LIVE_ECDSA),
    ("/both/1.ts", VOD_RSA),
    ("/both/1.ts", VOD_ECDSA),
    ("/self/1.ts", SELF_RSA),
    ("/partner/1.ts", PARTNER_RSA),
)
_HASHES: tuple[HashName, ...] = ("SHA1", "SHA256")
# A request that would be let in at its hour is not let in a minute after it.
_ENDS = ((LATER, "", True), (NOW - 60, ", a minute late", False))

ROWS: tuple[Row, ...] = tuple(
    saying.row(
        f"{way} by {key} and {algorithm} for {path}{late}",
        *make(f"https://{ALIAS}{path}", until, key, algorithm),
        allowed=allowed,
    )
    for way, saying, make in _WAYS
    for path, key in _KEYS
    for algorithm in _HASHES
    for until, late, allowed in _ENDS
    if allowed or (algorithm == "SHA256" and key in (LIVE_RSA, VOD_ECDSA) and "both" not in path)
)
