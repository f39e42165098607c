"""Signed URLs: their parameters and their canned policies."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, NOW
from tests.unit.preview.cloudfront_cases.signing import (
    canned_url,
    parameters,
    policy,
    query,
    with_query,
)

CUSTOM = "private-content-creating-signed-url-custom-policy"
CANNED = "private-content-creating-signed-url-canned-policy"
URL = f"https://{HOST}/live/1.ts"

BASE = Saying(
    CANNED,
    "Resource: The base URL including your query strings, if any, but excluding the CloudFront "
    "Expires, Signature, Key-Pair-Id, and Hash-Algorithm parameters.",
)
MATCH = Saying(
    CANNED,
    "DateLessThan: This value must match the value of the Expires query string parameter in the "
    "signed URL.",
)
END = Saying(
    "private-content-signed-urls",
    "CloudFront checks the expiration date and time in a signed URL at the time of the HTTP "
    "request.",
)
ANY_ORDER = Saying(CUSTOM, "You can specify the following query parameters in any order.")
NEEDED = Saying(
    CUSTOM,
    "Concatenate the following values: the base URL, ?, your query string parameters, Policy, "
    "Signature, Key-Pair-Id. (Optional) Hash-Algorithm.",
)
CANNED_NEEDED = Saying(
    CANNED,
    "Concatenate the following values: the base URL, ?, your query string parameters, Expires, "
    "Signature, Key-Pair-Id. (Optional) Hash-Algorithm.",
)
_SAID = parameters(policy(URL), algorithm="SHA256")
_CANNED_SAID = parameters(policy(URL), until=LATER)
_ANY = policy(f"https://{HOST}/live/*")

# What is done to a URL after it was signed with its canned policy.
_CHANGES = (
    ("nothing", canned_url(URL), True),
    ("nothing, its own parameter before", canned_url(f"{URL}?m=1"), True),
    ("nothing, its two parameters before", canned_url(f"{URL}?m=1&n=2"), True),
    ("another file", canned_url(URL).replace("1.ts", "2.ts"), False),
    ("another host", canned_url(URL).replace(HOST, "live.example.com"), False),
    ("a parameter more", with_query(canned_url(URL), "m=1"), False),
    ("a parameter changed", canned_url(f"{URL}?m=1").replace("m=1", "m=2"), False),
    ("a parameter less", canned_url(f"{URL}?m=1").replace("m=1&", ""), False),
)
ROWS: tuple[Row, ...] = (
    *(
        BASE.row(f"a canned URL and since its signature {what}", url, allowed=allowed)
        for what, url, allowed in _CHANGES
    ),
    *(
        MATCH.row(
            f"a canned URL whose Expires was changed by {change:+} s",
            canned_url(URL).replace(str(LATER), str(LATER + change)),
            allowed=False,
        )
        for change in (-3600, -1, 1, 3600)
    ),
    *(
        END.row(
            f"a canned URL {offset:+} s from its end",
            canned_url(URL, NOW),
            at=NOW + offset,
            allowed=offset < 0,
        )
        for offset in (-86_400, -1, 1, 86_400)
    ),
    *(
        ANY_ORDER.row(
            f"a signed URL with its parameters in the order {', '.join(order)}",
            with_query(URL, query({name: _SAID[name] for name in order})),
            allowed=True,
        )
        for order in (
            ("Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"),
            ("Hash-Algorithm", "Key-Pair-Id", "Signature", "Policy"),
            ("Key-Pair-Id", "Policy", "Hash-Algorithm", "Signature"),
            ("Signature", "Hash-Algorithm", "Policy", "Key-Pair-Id"),
        )
    ),
    *(
        ANY_ORDER.row(
            f"a signed URL with a parameter of its own {where}",
            f"{URL}?{text}",
            allowed=True,
        )
        for where, text in (
            ("before", f"m=1&{query(parameters(_ANY))}"),
            ("after", f"{query(parameters(_ANY))}&m=1"),
            ("in the middle", query(parameters(_ANY)).replace("&", "&m=1&", 1)),
        )
    ),
    *(
        saying.row(
            f"a {kind} URL without its {name}",
            with_query(URL, query({key: said[key] for key in said if key != name})),
            allowed=False,
        )
        for kind, saying, said, names in (
            ("custom", NEEDED, _SAID, ("Policy", "Signature", "Key-Pair-Id")),
            ("canned", CANNED_NEEDED, _CANNED_SAID, ("Expires", "Signature", "Key-Pair-Id")),
        )
        for name in names
    ),
)
