"""A signed URL is looked at before any signed cookie."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, NOW, SELF_RSA, VOD_ECDSA
from tests.unit.preview.cloudfront_cases.signing import (
    canned_cookies,
    canned_url,
    custom_cookies,
    custom_url,
    policy,
)

CHOOSING = "private-content-choosing-signed-urls-cookies"
URL = f"https://{HOST}/live/1.ts"
OTHER = f"https://{HOST}/live/2.ts"

ASSUMED = Saying(
    CHOOSING,
    "CloudFront assumes that URLs that contain any of the query string parameters Expires, "
    "Policy, Signature, Key-Pair-Id, Hash-Algorithm are signed URLs, and therefore won't look at "
    "signed cookies.",
)
PRECEDENCE = Saying(
    CHOOSING,
    "Signed URLs take precedence over signed cookies. If you use both signed URLs and signed "
    "cookies to control access to the same files and a viewer uses a signed URL to request a "
    "file, CloudFront determines whether to return the file to the viewer based only on the "
    "signed URL.",
)

_COOKIES = custom_cookies(policy(URL))
# The cookies beside a URL, by what is wrong with them.
_BESIDE: tuple[tuple[str, dict[str, str]], ...] = (
    ("no cookies", {}),
    ("good cookies", _COOKIES),
    ("good canned cookies", canned_cookies(URL)),
    ("cookies that ended", custom_cookies(policy(URL, NOW - 1))),
    ("cookies by another group's key", custom_cookies(policy(URL), VOD_ECDSA)),
    ("cookies with a forged signature", _COOKIES | {"CloudFront-Signature": "AAAA"}),
)
_URLS = (
    ("a good signed URL", custom_url(URL, policy(URL)), True),
    ("a good canned URL", canned_url(URL), True),
    ("a signed URL that ended", custom_url(URL, policy(URL, NOW - 1)), False),
    ("a canned URL that ended", canned_url(URL, NOW - 1), False),
    ("a signed URL for another file", custom_url(URL, policy(OTHER)), False),
    ("a URL signed by another account", custom_url(URL, policy(URL), SELF_RSA), False),
)

ROWS: tuple[Row, ...] = (
    *(
        ASSUMED.row(
            f"a URL with nothing but {name}={value} and {what}",
            f"{URL}?{name}={value}",
            cookies,
            allowed=False,
        )
        for name, value in (
            ("Expires", LATER),
            ("Policy", "news"),
            ("Signature", "mine"),
            ("Key-Pair-Id", "K1"),
            ("Hash-Algorithm", "SHA1"),
        )
        for what, cookies in (
            ("cookies for it", custom_cookies(policy(f"{URL}?{name}={value}"))),
            ("cookies for every file", custom_cookies(policy(f"https://{HOST}/live/*"))),
        )
    ),
    *(
        ASSUMED.row(
            f"a URL whose own parameter is {name}, and good cookies",
            f"{URL}?{name}=1",
            custom_cookies(policy(f"https://{HOST}/live/*")),
            allowed=True,
        )
        for name in ("m", "start", "Policies", "Expires-At", "My-Signature")
    ),
    *(
        PRECEDENCE.row(f"{what} beside {besides}", url, cookies, allowed=allowed)
        for what, url, allowed in _URLS
        for besides, cookies in _BESIDE
    ),
)
