"""Cookie lifetime: when the viewer's cookies expire, and when the page should renew them.

All times are whole epoch seconds, as in the CloudFront policy.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""


def expiry(now: int, *, cookie_seconds: int, step_seconds: int) -> int:
    """`now` + `cookie_seconds`, rounded up to a multiple of `step_seconds`.

    All viewers who request cookies within a step get the same expiry and share a signature.
    """
    steps = -(-(now + cookie_seconds) // step_seconds)
    return steps * step_seconds


def renewal(now: int, expires: int) -> int:
    """The time when 80% of `now` to `expires` has passed, rounded down."""
    return now + (expires - now) * 4 // 5
