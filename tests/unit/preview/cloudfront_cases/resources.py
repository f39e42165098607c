"""Which URLs the `Resource` of a signed cookie's custom policy covers."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import ALIAS, HOST
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, policy

PAGE = "private-content-setting-signed-cookie-custom-policy"
AT_HOST = f"https://{HOST}"
AT_ALIAS = f"https://{ALIAS}"

WHOLE = Saying(PAGE, "Resource: The base URL including your query strings, if any.")
PROTOCOL = Saying(PAGE, "Protocol - The value must begin with http:// or https://.")
ANY = Saying(
    PAGE,
    "You can use the wildcard character that matches zero or more characters (*) anywhere in the "
    "string.",
)
ONE = Saying(
    PAGE,
    "You can use the wild-card character that matches exactly one character (?) anywhere in the "
    "string.",
)
GAME = Saying(
    PAGE,
    "The value https://d111111abcdef8.cloudfront.net/*game_download.zip* would include "
    "/game_download.zip, /example_game_download.zip?license=yes and "
    "/test_game_download.zip?license=temp.",
)
NAME = Saying(
    PAGE,
    "If you specify an alternate domain name (CNAME) in the URL, you must specify the alternate "
    "domain name when referencing the file in your webpage or application.",
)
ORIGIN = Saying(PAGE, "Alternate domain names - Do not specify the Amazon S3 URL for the file.")

# The sentence, the Resource, the URL that is asked for, and whether the one covers the other.
_CASES = (
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", True),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/2.ts", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.t", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts2", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts/", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/a/1.ts", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/live/1.ts", False),
    (WHOLE, f"{AT_HOST}/live/", f"{AT_HOST}/live/1.ts", False),
    (WHOLE, f"{AT_HOST}/live/", f"{AT_HOST}/live/", True),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts?m=1", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1", f"{AT_HOST}/live/1.ts?m=1", True),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1", f"{AT_HOST}/live/1.ts", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1", f"{AT_HOST}/live/1.ts?m=2", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1", f"{AT_HOST}/live/1.ts?m=1&n=2", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1&n=2", f"{AT_HOST}/live/1.ts?m=1&n=2", True),
    (WHOLE, f"{AT_HOST}/live/1.ts?m=1&n=2", f"{AT_HOST}/live/1.ts?n=2&m=1", False),
    (WHOLE, f"{AT_HOST}/", f"{AT_HOST}/live/1.ts", False),
    (WHOLE, AT_HOST, f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, "https://", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, "", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"http://{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"http://{HOST}/live/*", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"{HOST}/live/*", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"//{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"ftp://{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, "/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, "/live/*", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, "live/*", f"{AT_HOST}/live/1.ts", False),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/live/1.ts", True),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/live/", True),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/live/a/b/1.ts", True),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/live/1.ts?m=1&start=2", True),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/both/1.ts", False),
    (ANY, f"{AT_HOST}/live/*", f"{AT_HOST}/both/live/1.ts", False),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/1.ts", True),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/.ts", True),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/a/1.ts", True),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/1.mp4", False),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/1.ts?m=1", False),
    (ANY, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/1xts", False),
    (ANY, f"{AT_HOST}/live/*.ts*", f"{AT_HOST}/live/1.ts?m=1", True),
    (ANY, f"{AT_HOST}/live/*/hd/*.ts", f"{AT_HOST}/live/a/hd/1.ts", True),
    (ANY, f"{AT_HOST}/live/*/hd/*.ts", f"{AT_HOST}/live/a/b/hd/c/1.ts", True),
    (ANY, f"{AT_HOST}/live/*/hd/*.ts", f"{AT_HOST}/live/hd/1.ts", False),
    (ANY, f"{AT_HOST}/live/*/hd/*.ts", f"{AT_HOST}/live/a/sd/1.ts", False),
    (ANY, f"{AT_HOST}/live/a**b.ts", f"{AT_HOST}/live/ab.ts", True),
    (ANY, f"{AT_HOST}/*", f"{AT_HOST}/live/1.ts", True),
    (ANY, f"{AT_HOST}/*", f"{AT_ALIAS}/live/1.ts", False),
    (ANY, "https://*", f"{AT_HOST}/live/1.ts", True),
    (ANY, "https://*", f"{AT_ALIAS}/live/1.ts", True),
    (ANY, "https://*/live/*", f"{AT_ALIAS}/live/1.ts", True),
    (ANY, "https://*.example.com/live/*", f"{AT_ALIAS}/live/1.ts", True),
    (ANY, "https://*.example.com/live/*", f"{AT_HOST}/live/1.ts", False),
    (ANY, f"{AT_HOST}/live/1.ts?m=*", f"{AT_HOST}/live/1.ts?m=", True),
    (ANY, f"{AT_HOST}/live/1.ts?m=*", f"{AT_HOST}/live/1.ts?m=12", True),
    (ANY, f"{AT_HOST}/live/1.ts?m=*", f"{AT_HOST}/live/1.ts?n=12", False),
    (ANY, f"{AT_HOST}/live/[ab].ts", f"{AT_HOST}/live/a.ts", False),
    (ANY, f"{AT_HOST}/live/.+", f"{AT_HOST}/live/1.ts", False),
    (ANY, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1xts", False),
    (ONE, f"{AT_HOST}/live/?.ts", f"{AT_HOST}/live/1.ts", True),
    (ONE, f"{AT_HOST}/live/?.ts", f"{AT_HOST}/live/12.ts", False),
    (ONE, f"{AT_HOST}/live/?.ts", f"{AT_HOST}/live/.ts", False),
    (ONE, f"{AT_HOST}/live/??.ts", f"{AT_HOST}/live/12.ts", True),
    (ONE, f"{AT_HOST}/live/??.ts", f"{AT_HOST}/live/1.ts", False),
    (ONE, f"{AT_HOST}/live/??.ts", f"{AT_HOST}/live/123.ts", False),
    (ONE, f"{AT_HOST}/live/a?/*", f"{AT_HOST}/live/a1/x/1.ts", True),
    (ONE, f"{AT_HOST}/live/a?/*", f"{AT_HOST}/live/a12/1.ts", False),
    (GAME, f"{AT_HOST}/live/*game.zip*", f"{AT_HOST}/live/game.zip", True),
    (GAME, f"{AT_HOST}/live/*game.zip*", f"{AT_HOST}/live/example_game.zip?license=yes", True),
    (GAME, f"{AT_HOST}/live/*game.zip*", f"{AT_HOST}/live/test_game.zip?license=temp", True),
    (GAME, f"{AT_HOST}/live/*game.zip*", f"{AT_HOST}/live/game.tar", False),
    (NAME, f"{AT_ALIAS}/live/*", f"{AT_ALIAS}/live/1.ts", True),
    (NAME, f"{AT_ALIAS}/live/*", f"{AT_HOST}/live/1.ts", False),
    (NAME, f"{AT_HOST}/live/*", f"{AT_ALIAS}/live/1.ts", False),
    (NAME, f"{AT_ALIAS}/live/1.ts", f"{AT_ALIAS}/live/1.ts", True),
    (NAME, f"{AT_ALIAS}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (NAME, "https://example.com/live/*", f"{AT_ALIAS}/live/1.ts", False),
    (ORIGIN, "https://media.example.com/live/*", f"{AT_ALIAS}/live/1.ts", False),
    (ORIGIN, "https://media.example.com/live/*", f"{AT_HOST}/live/1.ts", False),
)

ROWS: tuple[Row, ...] = tuple(
    saying.row(
        f"a cookie for «{resource}» and a request for {url}",
        url,
        custom_cookies(policy(resource)),
        allowed=allowed,
    )
    for saying, resource, url, allowed in _CASES
)
