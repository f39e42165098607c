"""What is signed for a canned policy, which is itself not sent."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, NOW, VIEWER
from tests.unit.preview.cloudfront_cases.signing import (
    as_cookies,
    canned_cookies,
    parameters,
    policy,
)

PAGE = "private-content-setting-signed-cookie-canned-policy"
URL = f"https://{HOST}/live/1.ts"

BEGINNING = Saying(
    "private-content-signed-cookies",
    "You can specify the date and time that users can begin to access your content. Canned "
    "policy: No.",
)
ADDRESS = Saying(
    "private-content-signed-cookies",
    "You can specify the IP address or range of IP addresses of the users who can access your "
    "content. Canned policy: No.",
)
MATCH = Saying(
    PAGE,
    "DateLessThan: This value must match the value of the CloudFront-Expires attribute in the "
    "Set-Cookie header. Do not enclose the value in quotation marks.",
)
EXACT = Saying(PAGE, "Include all punctuation and other literal values exactly as specified.")
SPACES = Saying(
    PAGE,
    "Remove all empty spaces (including tabs and newline characters) from the policy statement.",
)
# The sentence, what was signed in place of the canned policy, and its text.
_TEXTS = (
    (BEGINNING, "a policy with a beginning", policy(URL, since=NOW - 60)),
    (ADDRESS, "a policy with the viewer's address", policy(URL, source_ip=f"{VIEWER}/32")),
    (SPACES, "the policy with a space", policy(URL).replace(",", ", ")),
    (SPACES, "the policy with a tab", policy(URL).replace(",", ",\t")),
    (SPACES, "the policy with a new line", policy(URL).replace(",", ",\n")),
    (EXACT, "the policy without its frame", policy(URL)[len('{"Statement":[') : -2]),
    (EXACT, "the policy in small letters", policy(URL).lower()),
    (
        EXACT,
        "the policy with its end in quotation marks",
        policy(URL).replace(str(LATER), f'"{LATER}"'),
    ),
    (EXACT, "the policy without Resource", policy(None)),
    (EXACT, "the bare URL", URL),
    (MATCH, "a policy that ends a second earlier", policy(URL, LATER - 1)),
    (MATCH, "a policy that ends a second later", policy(URL, LATER + 1)),
    (MATCH, "a policy that ends a day later", policy(URL, LATER + 86_400)),
)

ROWS: tuple[Row, ...] = (
    EXACT.row(
        "canned cookies whose signature is of their policy", URL, canned_cookies(URL), allowed=True
    ),
    *(
        MATCH.row(
            f"canned cookies whose end and policy are both {until - LATER:+} s from an hour",
            URL,
            canned_cookies(URL, until),
            allowed=True,
        )
        for until in (LATER - 1, LATER + 1, LATER + 86_400)
    ),
    *(
        saying.row(
            f"canned cookies whose signature is of {what}",
            URL,
            as_cookies(parameters(text, until=LATER)),
            allowed=False,
        )
        for saying, what, text in _TEXTS
    ),
)
