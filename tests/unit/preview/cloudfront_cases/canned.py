"""Signed cookies of a canned policy: one URL and one end."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import (
    ALIAS,
    HOST,
    LATER,
    LIVE_ECDSA,
    LIVE_RSA,
    NOW,
    SELF_RSA,
    VOD_RSA,
)
from tests.unit.preview.cloudfront_cases.signing import (
    canned_cookies,
)

PAGE = "private-content-setting-signed-cookie-canned-policy"
URL = f"https://{HOST}/live/1.ts"
LAST = 2_147_483_647

REUSE = Saying(
    "private-content-signed-cookies",
    "You can reuse the policy statement for multiple files. To reuse the policy statement, you "
    "must use wildcard characters in the Resource object. Canned policy: No.",
)
END = Saying(
    "private-content-signed-cookies",
    "CloudFront checks the expiration date and time in the cookie at the time of the HTTP request.",
)
WHOLE = Saying(PAGE, "Resource: The base URL including your query strings, if any.")
PROTOCOL = Saying(PAGE, "Protocol - The value must begin with http:// or https://.")
QUESTION_MARK = Saying(
    PAGE,
    "Query string parameters - If you have no query string parameters, omit the question mark.",
)
NAME = Saying(
    PAGE,
    "If you specify an alternate domain name (CNAME) in the URL, you must specify the alternate "
    "domain name when referencing the file in your webpage or application.",
)
SECONDS = Saying(
    PAGE,
    "CloudFront-Expires: Specify the expiration date and time in Unix time format (in seconds) "
    "and Coordinated Universal Time (UTC). Use a 32-bit integer for a date which can be no later "
    "than 2147483647.",
)
KEY = Saying(
    PAGE,
    "CloudFront-Key-Pair-Id: This public key must belong to a key group that is a trusted signer "
    "in the distribution.",
)

# The sentence, the URL that was signed, the URL that is asked for, and the decision.
_URLS = (
    (WHOLE, URL, URL, True),
    (WHOLE, URL, f"https://{HOST}/live/2.ts", False),
    (WHOLE, URL, f"{URL}?m=1", False),
    (WHOLE, f"{URL}?m=1", f"{URL}?m=1", True),
    (WHOLE, f"{URL}?m=1", URL, False),
    (WHOLE, f"{URL}?m=1", f"{URL}?m=2", False),
    (WHOLE, f"{URL}?m=1&n=2", f"{URL}?m=1&n=2", True),
    (WHOLE, f"{URL}?m=1&n=2", f"{URL}?n=2&m=1", False),
    (WHOLE, f"https://{HOST}/live/", f"https://{HOST}/live/", True),
    (WHOLE, f"https://{HOST}/live/", URL, False),
    (REUSE, f"https://{HOST}/live/*", URL, False),
    (REUSE, f"https://{HOST}/live/?.ts", URL, False),
    (REUSE, "https://*", URL, False),
    (REUSE, "*", URL, False),
    (PROTOCOL, f"http://{HOST}/live/1.ts", URL, False),
    (PROTOCOL, f"{HOST}/live/1.ts", URL, False),
    (PROTOCOL, "/live/1.ts", URL, False),
    (QUESTION_MARK, f"{URL}?", URL, False),
    (NAME, f"https://{ALIAS}/live/1.ts", f"https://{ALIAS}/live/1.ts", True),
    (NAME, f"https://{ALIAS}/live/1.ts", URL, False),
    (NAME, URL, f"https://{ALIAS}/live/1.ts", False),
    (NAME, "https://media.example.com/live/1.ts", f"https://{ALIAS}/live/1.ts", False),
)
_EXPIRES = ("tomorrow", "2030-01-01T00:00:00Z", f'"{LATER}"', f"{LATER}s", "NaN", "-1", "0x7f")

ROWS: tuple[Row, ...] = (
    *(
        saying.row(
            f"canned cookies for «{signed}» and a request for {asked}",
            asked,
            canned_cookies(signed),
            allowed=allowed,
        )
        for saying, signed, asked, allowed in _URLS
    ),
    *(
        SECONDS.row(
            f"canned cookies whose end is «{expires}»",
            URL,
            canned_cookies(URL) | {"CloudFront-Expires": expires},
            allowed=False,
        )
        for expires in _EXPIRES
    ),
    SECONDS.row("canned cookies to the last second", URL, canned_cookies(URL, LAST), allowed=True),
    *(
        END.row(
            f"canned cookies {offset:+} s from their end",
            URL,
            canned_cookies(URL, NOW),
            at=NOW + offset,
            allowed=offset < 0,
        )
        for offset in (-86_400, -60, -1, 1, 60, 86_400)
    ),
    *(
        KEY.row(
            f"canned cookies by {key} for {path}",
            f"https://{HOST}{path}",
            canned_cookies(f"https://{HOST}{path}", key=key),
            allowed=allowed,
        )
        for key, path, allowed in (
            (LIVE_ECDSA, "/live/1.ts", True),
            (LIVE_RSA, "/both/1.ts", True),
            (LIVE_RSA, "/vod/1.ts", False),
            (VOD_RSA, "/vod/1.ts", True),
            (VOD_RSA, "/live/1.ts", False),
            (SELF_RSA, "/self/1.ts", True),
            (SELF_RSA, "/live/1.ts", False),
        )
    ),
)
