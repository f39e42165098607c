"""API Gateway proxy responses: set cookies, delete cookies, or an error.

Multiple Set-Cookie headers require `multiValueHeaders`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from cookies.names import NAMES


class Response(TypedDict):
    """An API Gateway proxy response."""

    statusCode: int
    headers: dict[str, str]
    multiValueHeaders: NotRequired[dict[str, list[str]]]
    body: str
    isBase64Encoded: bool


# No Domain: the cookies stay on this host. No Expires or Max-Age: they are session cookies, as AWS
# recommends; CloudFront enforces the policy's expiry in any case.
_ATTRIBUTES = "Path={path}; Secure; HttpOnly; SameSite=Strict"

RETRY_AFTER_SECONDS = 5
"""When a viewer should retry after a 503."""


def signed_in(cookies: Mapping[str, str], *, path: str, expires: int, renew_after: int) -> Response:
    """200 with the cookies; the body tells the page when they expire and when to renew them."""
    return _response(
        200,
        body={"expires": expires, "renewAfter": renew_after},
        set_cookie=[
            f"{name}={value}; {_ATTRIBUTES.format(path=path)}" for name, value in cookies.items()
        ],
    )


def signed_out(*, path: str) -> Response:
    """204 that deletes the cookies: the same names and attributes, already expired."""
    return _response(
        204, set_cookie=[f"{name}=; {_ATTRIBUTES.format(path=path)}; Max-Age=0" for name in NAMES]
    )


def refused(status: int, *, field: str, message: str) -> Response:
    """An error that names the field that caused it."""
    return _response(status, body={"field": field, "message": message})


def unavailable() -> Response:
    """503: the keys are temporarily unavailable (RFC 9110 section 15.6.4)."""
    return _response(
        503,
        body={"message": "The cookies cannot be signed right now. Try again soon."},
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
