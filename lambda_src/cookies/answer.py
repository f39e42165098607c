"""`GET /api/cookies` sets the signed cookies, `DELETE /api/cookies` deletes them.

Both cookie functions answer with this, whatever signs the cookies.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cookies.claims import objection
from cookies.lifetime import renewal
from cookies.responses import Response, refused, signed_in, signed_out, unavailable
from shared.log import note

if TYPE_CHECKING:
    from cookies.cookie_source import CookieSource


class Unavailable(Exception):
    """The cookies cannot be signed right now, and none are cached; the log says why."""


def answer(event: Mapping[str, Any], source: "CookieSource", now: int) -> Response:
    """The response to an API Gateway proxy event; `now` is epoch seconds.

    The API sends only GET and DELETE, and adds the claims of a verified token to a GET, as text.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    if event["httpMethod"] == "DELETE":
        return signed_out(path=source.media_path)
    claims = (event["requestContext"].get("authorizer") or {}).get("claims")
    if not claims:
        return _refused(401, "requestContext.authorizer.claims", "Sign in first.")
    if denied := objection(claims, source.client_id):
        return _refused(403, *denied)
    try:
        cookies, expires = source.cookies(now)
    except Unavailable:
        return unavailable()
    return signed_in(
        cookies, path=source.media_path, expires=expires, renew_after=renewal(now, expires)
    )


def _refused(status: int, field: str, message: str) -> Response:
    note("refused", status=status, field=field)
    return refused(status, field=field, message=message)
