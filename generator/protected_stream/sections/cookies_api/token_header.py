"""Header of the viewer's token: which names reach the API."""

import re

from protected_stream.template.validation_errors import shown

HEADER = "[A-Za-z][A-Za-z0-9-]{0,62}"

# Names in lower case; a dash at the end stands for every name that begins so.
# Source: WHATWG Fetch Standard, "forbidden request-header"; User-Agent is forbidden no longer, but
# Chromium does not send it (issue 571722)
NOT_FROM_A_PAGE = (
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "proxy-",
    "referer",
    "sec-",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
)
# Source: Amazon CloudFront Developer Guide, "HTTP request headers and CloudFront behavior (custom
# and Amazon S3 origins)" and "Custom headers that CloudFront can't add to origin requests"; Amazon
# API Gateway Developer Guide, "Amazon API Gateway important notes"
NOT_THROUGH_AWS = (
    "cloudfront-",
    "max-forwards",
    "x-amz-",
    "x-amzn-",
    "x-edge-",
    "x-forwarded-",
    "x-http-method-override",
    "x-real-ip",
)


def sendable(name: str) -> str:
    """The name, if a page can send a header of this name and API Gateway receives it.

    Raises:
        ValueError: every viewer would be refused, as the token would not arrive; says why.
    """
    if not re.fullmatch(HEADER, name):
        raise ValueError(
            "must begin with a letter and have at most 63 letters, digits and dashes; "
            f"got {shown(name)}"
        )
    for names, reason in (
        (NOT_FROM_A_PAGE, "browsers do not let a page send it"),
        (NOT_THROUGH_AWS, "CloudFront or API Gateway removes or replaces it"),
    ):
        if any(_stands_for(one, name.lower()) for one in names):
            raise ValueError(f"must be another header than {shown(name)}: {reason}")
    return name


def _stands_for(listed: str, name: str) -> bool:
    return name.startswith(listed) if listed.endswith("-") else name == listed
