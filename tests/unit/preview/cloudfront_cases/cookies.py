"""The cookies themselves: which must be there, their names, and others beside them."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST
from tests.unit.preview.cloudfront_cases.signing import canned_cookies, custom_cookies, policy

URL = f"https://{HOST}/live/1.ts"
FOLDER = f"https://{HOST}/live/*"

CUSTOM = Saying(
    "private-content-setting-signed-cookie-custom-policy",
    "A CloudFront signed cookie requires three name-value pairs. The name-value pairs are: "
    "CloudFront-Policy, CloudFront-Signature, and CloudFront-Key-Pair-Id.",
)
CANNED = Saying(
    "private-content-setting-signed-cookie-canned-policy",
    "A CloudFront signed cookie requires three name-value pairs. The name-value pairs are: "
    "CloudFront-Expires, CloudFront-Signature, and CloudFront-Key-Pair-Id.",
)
OPTIONAL = Saying(
    "private-content-setting-signed-cookie-custom-policy",
    "You can optionally include a fourth name-value pair, CloudFront-Hash-Algorithm, to specify "
    "the hash algorithm used for the signature.",
)
NAMES = Saying(
    "private-content-setting-signed-cookie-custom-policy",
    "The names of cookie attributes are case-sensitive.",
)
CANNED_NAMES = Saying("private-content-setting-signed-cookie-canned-policy", NAMES.sentence)
SIGNED_COOKIE = Saying(
    "private-content-signed-cookies",
    "The user's browser or other viewer gets the name-value pairs from step 4 and adds them to "
    "the request in a Cookie header. This is the signed cookie.",
)
MULTIPLE = Saying(
    "private-content-signed-cookies",
    "CloudFront signed cookies allow you to control who can access your content when you want to "
    "provide access to multiple restricted files.",
)

_CUSTOM = custom_cookies(policy(FOLDER))
_CANNED = canned_cookies(URL)
_HASHED = custom_cookies(policy(FOLDER), algorithm="SHA256")
_OTHERS = {"session": "1", "_ga": "GA1.2.3", "CloudFrontier": "x", "Policy": "dark", "Expires": "1"}
_SETS = (("custom", CUSTOM, NAMES, _CUSTOM), ("canned", CANNED, CANNED_NAMES, _CANNED))


def _renamed(cookies: dict[str, str], name: str, other: str) -> dict[str, str]:
    return {other if key == name else key: value for key, value in cookies.items()}


ROWS: tuple[Row, ...] = (
    *(
        saying.row(f"all three {kind} cookies", URL, cookies, allowed=True)
        for kind, saying, _, cookies in _SETS
    ),
    *(
        saying.row(
            f"{kind} cookies without {name}",
            URL,
            {key: value for key, value in cookies.items() if key != name},
            allowed=False,
        )
        for kind, saying, _, cookies in _SETS
        for name in cookies
    ),
    *(
        saying.row(
            f"{kind} cookies with an empty {name}", URL, {**cookies, name: ""}, allowed=False
        )
        for kind, saying, _, cookies in _SETS
        for name in cookies
    ),
    *(
        saying.row(f"of the {kind} cookies, {name} alone", URL, {name: value}, allowed=False)
        for kind, saying, _, cookies in _SETS
        for name, value in cookies.items()
        if kind == "custom" or name != "CloudFront-Key-Pair-Id"
    ),
    *(
        saying.row(
            f"{kind} cookies with {name} written {written}",
            URL,
            _renamed(cookies, name, written),
            allowed=False,
        )
        for kind, _, saying, cookies in _SETS
        for name in cookies
        for written in (name.lower(), name.replace("CloudFront", "Cloudfront"))
    ),
    NAMES.row(
        "cookies by SHA-256 that say so in small letters",
        URL,
        _renamed(_HASHED, "CloudFront-Hash-Algorithm", "cloudfront-hash-algorithm"),
        allowed=False,
    ),
    CUSTOM.row(
        "cookies named as a signed URL's parameters",
        URL,
        {name.removeprefix("CloudFront-"): value for name, value in _CUSTOM.items()},
        allowed=False,
    ),
    *(
        OPTIONAL.row(f"cookies {what} the fourth", URL, cookies, allowed=True)
        for what, cookies in (("without", _CUSTOM), ("with", _HASHED))
    ),
    *(
        SIGNED_COOKIE.row(f"{kind} cookies {where} others", URL, cookies, allowed=True)
        for kind, own in (("custom", _CUSTOM), ("canned", _CANNED), ("hashed", _HASHED))
        for where, cookies in (("before", own | _OTHERS), ("after", _OTHERS | own))
    ),
    SIGNED_COOKIE.row(
        "custom cookies in another order",
        URL,
        dict(reversed(_CUSTOM.items())),
        allowed=True,
    ),
    SIGNED_COOKIE.row("other cookies alone", URL, _OTHERS, allowed=False),
    *(
        MULTIPLE.row(
            f"the same cookies for {path}", f"https://{HOST}{path}", _CUSTOM, allowed=allowed
        )
        for path, allowed in (
            ("/live/index.m3u8", True),
            ("/live/2.ts", True),
            ("/live/hd/init.mp4", True),
            ("/live/hd/1.m4s?session=2", True),
            ("/upload/1.ts", False),
            ("/clip1/1.ts", False),
        )
    ),
)
