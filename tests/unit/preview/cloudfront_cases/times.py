"""When a custom policy opens and when it closes."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LIVE_ECDSA, LIVE_RSA, NOW
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, custom_url, policy

URL = f"https://{HOST}/live/1.ts"
DAY = 86_400

COOKIE_ENDS = Saying(
    "private-content-signed-cookies",
    "To determine whether a signed cookie is still valid, CloudFront checks the expiration date "
    "and time in the cookie at the time of the HTTP request.",
)
RANGE_ENDS = Saying(
    "private-content-signed-cookies",
    "If a client uses Range GETs to get a file in smaller pieces, any GET request that occurs "
    "after the expiration time passes will fail.",
)
URL_ENDS = Saying(
    "private-content-signed-urls",
    "CloudFront checks the expiration date and time in a signed URL at the time of the HTTP "
    "request.",
)
COOKIE_BEGINS = Saying(
    "private-content-setting-signed-cookie-custom-policy",
    "DateGreaterThan: Users are not allowed to access the file on or before the specified date "
    "and time.",
)
URL_BEGINS = Saying("private-content-creating-signed-url-custom-policy", COOKIE_BEGINS.sentence)
PERIOD = Saying(
    "private-content-signed-cookies",
    "If you specified a beginning and ending date and time for the cookie, CloudFront confirms "
    "that the user is trying to access your content during the time period that you want to "
    "allow access.",
)

# Seconds from the policy's end to the request. At the end itself the documentation is silent.
_ENDS = tuple((offset, offset < 0) for offset in (-10 * DAY, -3600, -2, -1, 1, 2, 3600, 10 * DAY))
# Seconds from the policy's beginning to the request.
_BEGINS = tuple((offset, offset > 0) for offset in (-10 * DAY, -3600, -1, 0, 1, 2, 3600, 10 * DAY))
# The policy's beginning and end, and the request, in seconds from now.
_PERIODS = (
    ("in the middle of an hour", -1800, 1800, 0, True),
    ("a second after the beginning of an hour", 0, 3600, 1, True),
    ("at the beginning of an hour", 0, 3600, 0, False),
    ("a second before the end of an hour", 0, 3600, 3599, True),
    ("a second after the end of an hour", 0, 3600, 3601, False),
    ("in the only second of a period", -1, 1, 0, True),
    ("a minute before a period of a minute", 60, 120, 0, False),
    ("a minute after a period of a minute", -120, -60, 0, False),
    ("in the middle of a period that ends before it begins", 60, -60, 0, False),
)

ROWS: tuple[Row, ...] = (
    *(
        COOKIE_ENDS.row(
            f"a cookie {offset:+} s from its end, signed by {key}",
            URL,
            custom_cookies(policy(URL, NOW), key),
            at=NOW + offset,
            allowed=allowed,
        )
        for key in (LIVE_RSA, LIVE_ECDSA)
        for offset, allowed in _ENDS
    ),
    *(
        URL_ENDS.row(
            f"a signed URL {offset:+} s from its end",
            custom_url(URL, policy(URL, NOW)),
            at=NOW + offset,
            allowed=allowed,
        )
        for offset, allowed in _ENDS
    ),
    *(
        COOKIE_BEGINS.row(
            f"a cookie {offset:+} s from its beginning",
            URL,
            custom_cookies(policy(URL, NOW + 11 * DAY, since=NOW)),
            at=NOW + offset,
            allowed=allowed,
        )
        for offset, allowed in _BEGINS
    ),
    *(
        URL_BEGINS.row(
            f"a signed URL {offset:+} s from its beginning",
            custom_url(URL, policy(URL, NOW + 11 * DAY, since=NOW)),
            at=NOW + offset,
            allowed=allowed,
        )
        for offset, allowed in _BEGINS
    ),
    *(
        PERIOD.row(
            f"a request {where}",
            URL,
            custom_cookies(policy(URL, NOW + until, since=NOW + since)),
            at=NOW + at,
            allowed=allowed,
        )
        for where, since, until, at, allowed in _PERIODS
    ),
    *(
        RANGE_ENDS.row(
            f"the {nth} piece of a file whose cookie ends between the second and the third",
            URL,
            custom_cookies(policy(f"https://{HOST}/live/*", NOW)),
            at=NOW + offset,
            allowed=allowed,
        )
        for nth, offset, allowed in (
            ("first", -20, True),
            ("second", -10, True),
            ("third", 10, False),
            ("fourth", 20, False),
        )
    ),
)
