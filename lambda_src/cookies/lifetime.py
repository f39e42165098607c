"""How long the viewer's cookies open the stream, and when the page should ask for new ones.

All times are whole epoch seconds: CloudFront reads the policy's time in seconds.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""


def expiry(now: int, *, cookie_seconds: int, step_seconds: int) -> int:
    """`now` + `cookie_seconds`, rounded up to a multiple of `step_seconds`.

    All viewers who ask within one step get the same expiry, so one signature serves them all.
    """
    steps = -(-(now + cookie_seconds) // step_seconds)
    return steps * step_seconds


def renewal(now: int, expires: int) -> int:
    """When 80 % of the time from `now` to `expires` has passed, rounded down."""
    return now + (expires - now) * 4 // 5
