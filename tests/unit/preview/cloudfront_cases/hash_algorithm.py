"""The hash of a signature, and the hash that the cookie or the URL names."""

from collections.abc import Mapping

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, LIVE_ECDSA, LIVE_RSA
from tests.unit.preview.cloudfront_cases.signing import (
    HashName,
    as_cookies,
    parameters,
    policy,
    query,
    with_query,
)

URL = f"https://{HOST}/live/1.ts"

COOKIE = Saying(
    "private-content-setting-signed-cookie-custom-policy",
    "CloudFront-Hash-Algorithm (Optional): The hash algorithm used to create the signature. "
    "Supported values are SHA1 and SHA256. If you don't include this cookie, CloudFront defaults "
    "to SHA1.",
)
CANNED_COOKIE = Saying("private-content-setting-signed-cookie-canned-policy", COOKIE.sentence)
PARAMETER = Saying(
    "private-content-creating-signed-url-custom-policy",
    "Hash-Algorithm (Optional): The hash algorithm used to create the signature. Supported values "
    "are SHA1 and SHA256. If you don't specify this parameter, CloudFront defaults to SHA1.",
)
CANNED_PARAMETER = Saying("private-content-creating-signed-url-canned-policy", PARAMETER.sentence)

_KEYS = (("RSA", LIVE_RSA), ("ECDSA", LIVE_ECDSA))
# The hash that signs, the hash that is named, and whether they agree.
_NAMED: tuple[tuple[HashName, str | None, bool], ...] = (
    ("SHA1", None, True),
    ("SHA1", "SHA1", True),
    ("SHA1", "SHA256", False),
    ("SHA256", None, False),
    ("SHA256", "SHA1", False),
    ("SHA256", "SHA256", True),
)
_UNSUPPORTED: tuple[tuple[HashName, str], ...] = (
    ("SHA1", "MD5"),
    ("SHA1", "SHA224"),
    ("SHA256", "SHA384"),
    ("SHA256", "SHA512"),
    ("SHA256", "SHA3-256"),
    ("SHA256", "RS256"),
    ("SHA256", "none"),
    ("SHA256", "256"),
)


def _said(
    key: str, signed: HashName, named: str | None, until: int | None = None
) -> Mapping[str, str]:
    said = parameters(policy(URL), key, signed, until)
    del said["Hash-Algorithm"]
    return said if named is None else said | {"Hash-Algorithm": named}


ROWS: tuple[Row, ...] = (
    *(
        saying.row(
            f"{kind} cookies signed with {family} and {signed} that name {named}",
            URL,
            as_cookies(_said(key, signed, named, until)),
            allowed=allowed,
        )
        for kind, saying, until in (
            ("custom", COOKIE, None),
            ("canned", CANNED_COOKIE, LATER),
        )
        for family, key in _KEYS
        for signed, named, allowed in _NAMED
    ),
    *(
        saying.row(
            f"a {kind} URL signed with {family} and {signed} that names {named}",
            with_query(URL, query(_said(key, signed, named, until))),
            allowed=allowed,
        )
        for kind, saying, until in (
            ("custom", PARAMETER, None),
            ("canned", CANNED_PARAMETER, LATER),
        )
        for family, key in _KEYS
        for signed, named, allowed in _NAMED
    ),
    *(
        COOKIE.row(
            f"cookies signed with {signed} that name the unsupported {named}",
            URL,
            as_cookies(_said(LIVE_RSA, signed, named)),
            allowed=False,
        )
        for signed, named in _UNSUPPORTED
    ),
    *(
        PARAMETER.row(
            f"a URL signed with {signed} that names the unsupported {named}",
            with_query(URL, query(_said(LIVE_RSA, signed, named))),
            allowed=False,
        )
        for signed, named in _UNSUPPORTED
    ),
    COOKIE.row(
        "cookies whose hash has another cookie's name",
        URL,
        {**as_cookies(_said(LIVE_RSA, "SHA256", None)), "Hash-Algorithm": "SHA256"},
        allowed=False,
    ),
)
