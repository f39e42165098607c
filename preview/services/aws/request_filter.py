"""The door of AWS on this machine: it lets in whose calls are seen behind it."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/[0-9]{8}/[^/]+/([^/]+)/aws4_request")
UNKNOWN = "NotKnownToThePreview"


def filtered(services: "WSGIApplication", is_seen: Callable[[str, str], bool]) -> "WSGIApplication":
    """The services, for calls that `is_seen` knows by the access key and the service's name.

    Some of moto's services, such as S3, have other entrances than the one that is watched, and a
    call without a signature would be nobody's.
    """

    def entered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        signed = SIGNED.match(environ.get("HTTP_AUTHORIZATION", ""))
        if signed and is_seen(*signed.groups()):
            return services(environ, start)
        call = f"A function's call of {signed[2]}" if signed else "A call without a signature"
        return _refusal(f"{call} is not known to the preview.")(environ, start)

    return entered


def _refusal(message: str) -> Response:
    """What every protocol's client shows, though only those of XML show it nicely."""
    return Response(
        "<ErrorResponse><Error>"
        f"<Code>{UNKNOWN}</Code><Message>{message}</Message>"
        "</Error></ErrorResponse>",
        status=400,
        content_type="application/xml",
        headers={"x-amzn-errortype": UNKNOWN},
    )
