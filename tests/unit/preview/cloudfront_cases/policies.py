"""What a custom policy must look like."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, LIVE_RSA, NOW, VIEWER
from tests.unit.preview.cloudfront_cases.signing import (
    compact,
    custom_cookies,
    policy,
    safe,
    sign,
    statement,
)

COOKIE_PAGE = "private-content-setting-signed-cookie-custom-policy"
URL_PAGE = "private-content-creating-signed-url-custom-policy"
URL = f"https://{HOST}/live/1.ts"

FORM = Saying(COOKIE_PAGE, "Construct the policy statement using the following JSON format.")
ONE_STATEMENT = Saying(COOKIE_PAGE, "You can include only one statement.")
EXACT = Saying(
    COOKIE_PAGE,
    "Include all punctuation and parameter names exactly as specified. Abbreviations for "
    "parameter names are not accepted.",
)
ONE_RESOURCE = Saying(COOKIE_PAGE, "You can specify only one value for Resource.")
UNQUOTED = Saying(COOKIE_PAGE, "Do not enclose the value in quotation marks.")
ENDING = Saying(
    URL_PAGE,
    "DateLessThan: This is the only required parameter in the Condition section. CloudFront "
    "requires this value to prevent users from having permanent access to your private content.",
)
UTF_8 = Saying(COOKIE_PAGE, "Use UTF-8 character encoding.")
BASE64 = Saying(COOKIE_PAGE, "Base64-encode the policy statement using MIME base64 encoding.")

_END = {"DateLessThan": {"AWS:EpochTime": LATER}}
_BEGIN = {"DateGreaterThan": {"AWS:EpochTime": NOW - 60}}
_ADDRESS = {"IpAddress": {"AWS:SourceIp": f"{VIEWER}/32"}}
_PLAIN = {"Resource": URL, "Condition": _END}
_GOOD = compact({"Statement": [_PLAIN]})

# What is wrong with the policy, its text, and the sentence that it breaks.
_BROKEN = (
    ("a policy cut short", _GOOD[:-1], FORM),
    ("a policy with a bracket too many", _GOOD + "}", FORM),
    ("a policy in single quotation marks", _GOOD.replace('"', "'"), FORM),
    ("a policy that is a list", compact([_PLAIN]), FORM),
    ("a policy that is a string", compact(URL), FORM),
    ("a policy that is null", "null", FORM),
    ("a policy that is a bare URL", URL, FORM),
    ("an empty policy", "", FORM),
    ("an empty object", "{}", FORM),
    ("a statement outside its list", compact({"Statement": _PLAIN}), FORM),
    ("a statement that is a string", compact({"Statement": [URL]}), FORM),
    ("a statement without its frame", compact(_PLAIN), FORM),
    ("no statement", compact({"Statement": []}), FORM),
    ("two statements alike", compact({"Statement": [_PLAIN, _PLAIN]}), ONE_STATEMENT),
    (
        "two statements for two files",
        compact({"Statement": [_PLAIN, {**_PLAIN, "Resource": f"https://{HOST}/live/2.ts"}]}),
        ONE_STATEMENT,
    ),
    (
        "a list of two resources",
        compact({"Statement": [_PLAIN | {"Resource": [URL, "https://*"]}]}),
        ONE_RESOURCE,
    ),
    ("a resource that is a number", compact({"Statement": [_PLAIN | {"Resource": 1}]}), FORM),
    ("no Condition", compact({"Statement": [{"Resource": URL}]}), ENDING),
    ("an empty Condition", compact(statement(URL)), ENDING),
    ("only a beginning", compact(statement(URL, **_BEGIN)), ENDING),
    ("only an address", compact(statement(URL, **_ADDRESS)), ENDING),
    ("a beginning and an address", compact(statement(URL, **_BEGIN, **_ADDRESS)), ENDING),
    ("an end without its moment", compact(statement(URL, DateLessThan={})), ENDING),
    ("an end that is null", policy(URL).replace(str(LATER), "null"), FORM),
    ("an end in words", policy(URL).replace(str(LATER), '"tomorrow"'), UNQUOTED),
    ("an end in quotation marks", policy(URL).replace(str(LATER), f'"{LATER}"'), UNQUOTED),
    (
        "a beginning in quotation marks",
        policy(URL, since=NOW - 60).replace(str(NOW - 60), f'"{NOW - 60}"'),
        UNQUOTED,
    ),
    ("an end that is a bare number", compact(statement(URL, DateLessThan=LATER)), FORM),
    ("«statement» for Statement", _GOOD.replace("Statement", "statement"), EXACT),
    ("«Statements» for Statement", _GOOD.replace("Statement", "Statements"), EXACT),
    ("«condition» for Condition", _GOOD.replace("Condition", "condition"), EXACT),
    ("«Cond» for Condition", _GOOD.replace("Condition", "Cond"), EXACT),
    ("«dateLessThan» for DateLessThan", _GOOD.replace("DateLess", "dateLess"), EXACT),
    ("«LessThan» for DateLessThan", _GOOD.replace("DateLess", "Less"), EXACT),
    ("«DateLessThanEquals» for DateLessThan", _GOOD.replace("Than", "ThanEquals"), EXACT),
    ("«EpochTime» for AWS:EpochTime", _GOOD.replace("AWS:", ""), EXACT),
    ("«aws:EpochTime» for AWS:EpochTime", _GOOD.replace("AWS:", "aws:"), EXACT),
    ("no comma between Resource and Condition", _GOOD.replace(",", "", 1), EXACT),
)


def _encoded(octets: bytes, text: str) -> dict[str, str]:
    return custom_cookies(text) | {
        "CloudFront-Policy": safe(octets),
        "CloudFront-Signature": safe(sign(text, LIVE_RSA)),
    }


ROWS: tuple[Row, ...] = (
    FORM.row("cookies with a policy in its form", URL, custom_cookies(_GOOD), allowed=True),
    *(
        saying.row(f"cookies with {what}", URL, custom_cookies(text), allowed=False)
        for what, text, saying in _BROKEN
    ),
    BASE64.row(
        "a policy that is not encoded",
        URL,
        custom_cookies(_GOOD) | {"CloudFront-Policy": _GOOD},
        allowed=False,
    ),
    BASE64.row(
        "a policy in hexadecimal digits",
        URL,
        custom_cookies(_GOOD) | {"CloudFront-Policy": _GOOD.encode().hex()},
        allowed=False,
    ),
    BASE64.row(
        "a policy that is encoded twice",
        URL,
        _encoded(safe(_GOOD.encode()).encode(), _GOOD),
        allowed=False,
    ),
    UTF_8.row("a policy in UTF-16", URL, _encoded(_GOOD.encode("utf-16"), _GOOD), allowed=False),
)
