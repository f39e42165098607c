"""Which cache behavior a request falls to, and whether it asks for a signature."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import ALIAS, HOST, LIVE_RSA, VOD_RSA
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, policy

PAGE = "DownloadDistValuesCacheBehavior"
SIGNERS = "private-content-trusted-signers"

FIRST = Saying(
    PAGE,
    "The requested path is compared with path patterns in the order in which cache behaviors are "
    "listed in the distribution. The first match determines which cache behavior is applied to "
    "that request.",
)
OPEN_FIRST = Saying(
    SIGNERS,
    "Suppose a request matches the path pattern for two cache behaviors. The first cache behavior "
    "does not require signed URLs or signed cookies and the second cache behavior does. Users "
    "will be able to access the files without using signed URLs or signed cookies because "
    "CloudFront processes the cache behavior that is associated with the first match.",
)
ONLY = Saying(
    SIGNERS,
    "A distribution requires signed URLs or cookies only for files that are associated with the "
    "corresponding cache behaviors.",
)
DEFAULT = Saying(
    PAGE,
    "If the request for an object does not match the path pattern for any of the other cache "
    "behaviors, CloudFront applies the behavior that you specify in the default cache behavior.",
)
SLASH = Saying(
    PAGE,
    "You can optionally include a slash (/) at the beginning of the path pattern. CloudFront "
    "behavior is the same with or without the leading /.",
)
BELOW = Saying(
    PAGE,
    "The path you specify applies to requests for all files in the specified directory and in "
    "subdirectories below the specified directory.",
)
NO_QUERY = Saying(
    PAGE,
    "CloudFront does not consider query strings or cookies when evaluating the path pattern.",
)
ASTERISK = Saying(PAGE, "* matches 0 or more characters.")
MARK = Saying(PAGE, "? matches exactly 1 character.")
CASE = Saying(
    PAGE,
    "Path patterns are case-sensitive, so the path pattern *.jpg doesn't apply to the file "
    "LOGO.JPG.",
)

# The sentence, a path, and whether it is open to a request without any signature.
_UNSIGNED = (
    (ONLY, "/live/1.ts", False),
    (ONLY, "/vod/1.ts", False),
    (ONLY, "/both/1.ts", False),
    (ONLY, "/self/1.ts", False),
    (ONLY, "/partner/1.ts", False),
    (ONLY, "/upload/1.ts", False),
    (ONLY, "/open/1.ts", True),
    (ONLY, "/robots.txt", True),
    (OPEN_FIRST, "/live/free/1.ts", True),
    (OPEN_FIRST, "/live/free/index.m3u8", True),
    (OPEN_FIRST, "/open/index.key", True),
    (FIRST, "/open/index.m3u8", False),
    (FIRST, "/live/readme.txt", False),
    (FIRST, "/vod/readme.txt", False),
    (FIRST, "/elsewhere/readme.txt", True),
    (DEFAULT, "/", True),
    (DEFAULT, "/index.html", True),
    (DEFAULT, "/elsewhere/1.ts", True),
    (DEFAULT, "/elsewhere/live/1.ts", True),
    (DEFAULT, "/livestream/1.ts", True),
    (DEFAULT, "/vodka/1.ts", True),
    (SLASH, "/vod/index.html", False),
    (SLASH, "/elsewhere/vod/1.ts", True),
    (BELOW, "/live/a/1.ts", False),
    (BELOW, "/live/a/b/c/1.ts", False),
    (BELOW, "/live/free/a/b/1.ts", True),
    (BELOW, "/a/b/index.m3u8", False),
    (NO_QUERY, "/live/1.ts?as=/live/free/1.ts", False),
    (NO_QUERY, "/elsewhere/1.ts?as=index.m3u8", True),
    (NO_QUERY, "/index.m3u8?m=1", False),
    (NO_QUERY, "/index.m3u8?as=readme.txt", False),
    (NO_QUERY, "/live/free/1.ts?as=/live/1.ts", True),
    (ASTERISK, "/live/", False),
    (ASTERISK, "/live/free/", True),
    (ASTERISK, "/.m3u8", False),
    (ASTERISK, "/index.m3u8.bak", True),
    (ASTERISK, "/indexm3u8", True),
    (ASTERISK, "/index.m3u", True),
    (ASTERISK, "/live", True),
    (MARK, "/clip1/1.ts", False),
    (MARK, "/clipa/a/1.ts", False),
    (MARK, "/clip/1.ts", True),
    (MARK, "/clip12/1.ts", True),
    (CASE, "/INDEX.M3U8", True),
    (CASE, "/INDEX.m3u8", False),
    (CASE, "/LIVE/1.ts", True),
    (CASE, "/live/FREE/1.ts", False),
    (CASE, "/Vod/1.ts", True),
)
# The sentence, a path, and the key whose cookies open it; the other key's do not.
_SIGNED = (
    (FIRST, "/vod/index.m3u8", VOD_RSA),
    (FIRST, "/live/index.key", LIVE_RSA),
    (FIRST, "/vod/index.key", VOD_RSA),
    (FIRST, "/clip1/index.key", LIVE_RSA),
    (FIRST, "/open/index.m3u8", LIVE_RSA),
    (BELOW, "/a/b/index.key", VOD_RSA),
    (MARK, "/clip9/1.ts", LIVE_RSA),
)

ROWS: tuple[Row, ...] = (
    *(
        saying.row(f"a request for {path} and nothing more", f"https://{HOST}{path}", allowed=open_)
        for saying, path, open_ in _UNSIGNED
    ),
    *(
        ONLY.row(
            f"a request for {path} at the alternate domain name",
            f"https://{ALIAS}{path}",
            allowed=open_,
        )
        for path, open_ in (("/live/1.ts", False), ("/live/free/1.ts", True), ("/", True))
    ),
    *(
        saying.row(
            f"a request for {path} with cookies by {key}",
            f"https://{HOST}{path}",
            custom_cookies(policy(f"https://{HOST}/*"), key),
            allowed=key == trusted,
        )
        for saying, path, trusted in _SIGNED
        for key in (LIVE_RSA, VOD_RSA)
    ),
)
