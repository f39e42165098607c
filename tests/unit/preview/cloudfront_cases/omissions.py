"""What a custom policy may leave out, and the order of its parts."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import ALIAS, HOST, LATER, NOW, VIEWER
from tests.unit.preview.cloudfront_cases.signing import (
    compact,
    custom_cookies,
    custom_url,
    policy,
    statement,
)

COOKIE_PAGE = "private-content-setting-signed-cookie-custom-policy"
URL_PAGE = "private-content-creating-signed-url-custom-policy"
URL = f"https://{HOST}/live/1.ts"

ANY_ORDER = Saying(
    COOKIE_PAGE, "The order of the parameters in the Condition section doesn't matter."
)
NO_RESOURCE = Saying(
    COOKIE_PAGE,
    "If you omit the Resource parameter, users can access all of the files associated with any "
    "distribution that is associated with the key pair that you use to create the signed URL.",
)
ENDING = Saying(
    URL_PAGE,
    "DateLessThan: This is the only required parameter in the Condition section. CloudFront "
    "requires this value to prevent users from having permanent access to your private content.",
)

_END = {"DateLessThan": {"AWS:EpochTime": LATER}}
_BEGIN = {"DateGreaterThan": {"AWS:EpochTime": NOW - 60}}
_ADDRESS = {"IpAddress": {"AWS:SourceIp": f"{VIEWER}/32"}}
_ORDERS = (
    ("end, beginning, address", _END | _BEGIN | _ADDRESS),
    ("end, address, beginning", _END | _ADDRESS | _BEGIN),
    ("beginning, end, address", _BEGIN | _END | _ADDRESS),
    ("beginning, address, end", _BEGIN | _ADDRESS | _END),
    ("address, end, beginning", _ADDRESS | _END | _BEGIN),
    ("address, beginning, end", _ADDRESS | _BEGIN | _END),
)

ROWS: tuple[Row, ...] = (
    *(
        ANY_ORDER.row(
            f"a Condition in the order {order}",
            URL,
            custom_cookies(compact(statement(URL, **condition))),
            allowed=True,
        )
        for order, condition in _ORDERS
    ),
    *(
        NO_RESOURCE.row(
            f"a policy without Resource and a request for {url}",
            url,
            custom_cookies(policy(None)),
            allowed=allowed,
        )
        for url, allowed in (
            (URL, True),
            (f"https://{ALIAS}/live/a/2.ts?m=1", True),
            (f"https://{HOST}/both/1.ts", True),
            (f"https://{HOST}/index.m3u8", True),
            (f"https://{HOST}/vod/1.ts", False),
            (f"https://{HOST}/self/1.ts", False),
        )
    ),
    NO_RESOURCE.row(
        "a policy without Resource after its end",
        URL,
        custom_cookies(policy(None, NOW - 1)),
        allowed=False,
    ),
    ENDING.row("a policy with nothing but its end", URL, custom_cookies(policy(URL)), allowed=True),
    ENDING.row(
        "a signed URL without a Condition",
        custom_url(URL, compact({"Statement": [{"Resource": URL}]})),
        allowed=False,
    ),
)
