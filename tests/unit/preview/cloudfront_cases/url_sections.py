"""Which URLs the `Resource` of a signed URL covers: its four sections and their wildcards."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import ALIAS, HOST
from tests.unit.preview.cloudfront_cases.signing import custom_url, policy

PAGE = "private-content-creating-signed-url-custom-policy"
AT_HOST = f"https://{HOST}"
AT_ALIAS = f"https://{ALIAS}"

WHOLE = Saying(
    PAGE,
    "Resource: The URL, including any query strings, but excluding the CloudFront Policy, "
    "Signature, Key-Pair-Id, and Hash-Algorithm parameters.",
)
PROTOCOL = Saying(PAGE, "Protocol - The value must begin with http://, https://, or *://.")
BACKSLASH = Saying(
    PAGE,
    "If the URL has query string parameters, don't use a backslash character to escape the "
    "question mark character (?) that begins the query string.",
)
SECTION = Saying(
    PAGE,
    "The URL in the policy is divided into four sections - protocol, domain, path, and query "
    "string. When you use a wildcard character in the URL in the policy, the wildcard matching "
    "applies only within the boundaries of the section that contains the wildcard.",
)
PATH_END = Saying(
    PAGE,
    "A trailing asterisk in the path section implies an asterisk in the query string section.",
)
DOMAIN_END = Saying(
    PAGE,
    "A trailing asterisk in the domain section implies an asterisk in both the path and query "
    "string sections.",
)
NO_PROTOCOL = Saying(
    PAGE,
    "A URL in the policy can omit the protocol section and start with an asterisk in the domain "
    "section. In that case, the protocol section is implicitly set to an asterisk.",
)
ALONE = Saying(PAGE, 'An asterisk by itself ("Resource": "*") matches any URL.')
ONE = Saying(PAGE, "Question mark (?), which matches exactly one character.")

# The sentence, the Resource, the URL before it is signed, and whether the one covers the other.
_CASES = (
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", True),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/2.ts", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?size=large", f"{AT_HOST}/live/1.ts?size=large", True),
    (WHOLE, f"{AT_HOST}/live/1.ts?size=large", f"{AT_HOST}/live/1.ts?size=small", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?size=large", f"{AT_HOST}/live/1.ts", False),
    (WHOLE, f"{AT_HOST}/live/1.ts", f"{AT_HOST}/live/1.ts?size=large", False),
    (WHOLE, f"{AT_HOST}/live/1.ts?a=1&b=2", f"{AT_HOST}/live/1.ts?a=1&b=2", True),
    (WHOLE, f"{AT_HOST}/live/1.ts?a=1&b=2", f"{AT_HOST}/live/1.ts?a=1", False),
    (PROTOCOL, f"*://{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", True),
    (PROTOCOL, f"*://{HOST}/live/1.ts", f"{AT_HOST}/live/2.ts", False),
    (PROTOCOL, f"*://{HOST}/live/1.ts", f"{AT_ALIAS}/live/1.ts", False),
    (PROTOCOL, f"http://{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (PROTOCOL, f"{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (BACKSLASH, f"{AT_HOST}/live/1.ts?m=1", f"{AT_HOST}/live/1.ts?m=1", True),
    (SECTION, f"{AT_HOST}/live/hello*world", f"{AT_HOST}/live/helloworld", True),
    (SECTION, f"{AT_HOST}/live/hello*world", f"{AT_HOST}/live/hello-world", True),
    (SECTION, f"{AT_HOST}/live/hello*world", f"{AT_HOST}/live/hello/big/world", True),
    (SECTION, f"{AT_HOST}/live/hello*world", f"{AT_HOST}/live/hello?world", False),
    (SECTION, f"{AT_HOST}/live/hello*world", f"{AT_HOST}/live/hello?big-world", False),
    (SECTION, f"{AT_HOST}/live/*.ts", f"{AT_HOST}/live/1.mp4?as=1.ts", False),
    (SECTION, f"https://*{HOST}/live/1.ts", f"{AT_HOST}/live/1.ts", True),
    (SECTION, "https://live*.com/live/1.ts", f"{AT_ALIAS}/live/1.ts", True),
    (SECTION, "https://live*.com/1.ts", f"{AT_ALIAS}/live/x.com/1.ts", False),
    (SECTION, f"{AT_HOST}/live/1.ts?a=*&c=3", f"{AT_HOST}/live/1.ts?a=1&b=2&c=3", True),
    (SECTION, f"{AT_HOST}/live/1.ts?a=*&c=3", f"{AT_HOST}/live/1.ts?a=1&b=2&c=4", False),
    (PATH_END, f"{AT_HOST}/live/hello*", f"{AT_HOST}/live/hello", True),
    (PATH_END, f"{AT_HOST}/live/hello*", f"{AT_HOST}/live/hello?m=1", True),
    (PATH_END, f"{AT_HOST}/live/hello*", f"{AT_HOST}/live/hello/a.ts?m=1&n=2", True),
    (PATH_END, f"{AT_HOST}/live/hello*", f"{AT_HOST}/live/hell?hello", False),
    (DOMAIN_END, "https://live.example.com*", f"{AT_ALIAS}/live/1.ts", True),
    (DOMAIN_END, "https://live.example.com*", f"{AT_ALIAS}/live/a/1.ts?m=1", True),
    (DOMAIN_END, "https://live.*", f"{AT_ALIAS}/live/1.ts", True),
    (DOMAIN_END, "https://live.*", f"{AT_HOST}/live/1.ts", False),
    (DOMAIN_END, "http://live.*", f"{AT_ALIAS}/live/1.ts", False),
    (NO_PROTOCOL, "*example.com/live/1.ts", f"{AT_ALIAS}/live/1.ts", True),
    (NO_PROTOCOL, "*example.com/live/1.ts", f"{AT_HOST}/live/1.ts", False),
    (NO_PROTOCOL, "*example.com/live/*", f"{AT_ALIAS}/live/2.ts?m=1", True),
    (NO_PROTOCOL, "*example.com", f"{AT_ALIAS}/live/1.ts", False),
    (ALONE, "*", f"{AT_HOST}/live/1.ts", True),
    (ALONE, "*", f"{AT_ALIAS}/live/a/1.ts?m=1", True),
    (ONE, f"{AT_HOST}/live/file-?.ts", f"{AT_HOST}/live/file-1.ts", True),
    (ONE, f"{AT_HOST}/live/??.ts", f"{AT_HOST}/live/12.ts", True),
)

ROWS: tuple[Row, ...] = tuple(
    saying.row(
        f"a URL signed for «{resource}» that is {url} before its signature",
        custom_url(url, policy(resource)),
        allowed=allowed,
    )
    for saying, resource, url, allowed in _CASES
)
