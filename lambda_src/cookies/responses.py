"""What the viewer's browser is answered: cookies, no cookies, or why not.

Several Set-Cookie headers need `multiValueHeaders`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from cookies.names import NAMES


class Response(TypedDict):
    """API Gateway's proxy response."""

    statusCode: int
    headers: dict[str, str]
    multiValueHeaders: NotRequired[dict[str, list[str]]]
    body: str
    isBase64Encoded: bool


# No Domain: the cookies stay on this host. No Expires or Max-Age: they end with the browser's
# session, as AWS recommends; CloudFront goes by the policy's time anyway.
_ATTRIBUTES = "Path={path}; Secure; HttpOnly; SameSite=Strict"

RETRY_AFTER_SECONDS = 5
"""When a viewer whom nothing could be signed for should ask again."""


def signed_in(cookies: Mapping[str, str], *, path: str, expires: int, renew_after: int) -> Response:
    """200 with the cookies; the body tells the page when they end and when to renew them."""
    return _response(
        200,
        body={"expires": expires, "renewAfter": renew_after},
        set_cookie=[
            f"{name}={value}; {_ATTRIBUTES.format(path=path)}" for name, value in cookies.items()
        ],
    )


def signed_out(*, path: str) -> Response:
    """204 that takes the cookies away: the same names and attributes, already over."""
    return _response(
        204, set_cookie=[f"{name}=; {_ATTRIBUTES.format(path=path)}; Max-Age=0" for name in NAMES]
    )


def refused(status: int, *, field: str, message: str) -> Response:
    """A refusal that names the field it is about."""
    return _response(status, body={"field": field, "message": message})


def method_not_allowed() -> Response:
    """405, with the methods there are (RFC 9110 section 15.5.6)."""
    message = "GET asks for the cookies, DELETE takes them away."
    body = {"field": "httpMethod", "message": message}
    return _response(405, body=body, headers={"Allow": "GET, DELETE"})


def unavailable() -> Response:
    """503: the keys cannot be read just now (RFC 9110 section 15.6.4)."""
    return _response(
        503,
        body={"message": "The cookies cannot be signed at the moment. Ask again shortly."},
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _response(
    status: int,
    *,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    set_cookie: Sequence[str] = (),
) -> Response:
    content_type = {} if body is None else {"Content-Type": "application/json"}
    response: Response = {
        "statusCode": status,
        "headers": {"Cache-Control": "no-store", **content_type, **(headers or {})},
        "body": "" if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    if set_cookie:
        response["multiValueHeaders"] = {"Set-Cookie": list(set_cookie)}
    return response
