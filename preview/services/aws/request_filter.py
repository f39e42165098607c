"""AWS API request filter: rejects calls that the preview could not check."""

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
    """The services, for calls that `is_seen` accepts by access key and service name.

    Some of moto's services, such as S3, have other entry points than the watched one, and a call
    without a signature would have no caller.
    """

    def entered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        signed = SIGNED.match(environ.get("HTTP_AUTHORIZATION", ""))
        if signed and is_seen(*signed.groups()):
            return services(environ, start)
        call = f"A function's call to {signed[2]}" if signed else "A call without a signature"
        return _refusal(f"{call} is not supported by the preview.")(environ, start)

    return entered


def _refusal(message: str) -> Response:
    """An error that clients of every protocol show, but only XML clients format well."""
    return Response(
        "<ErrorResponse><Error>"
        f"<Code>{UNKNOWN}</Code><Message>{message}</Message>"
        "</Error></ErrorResponse>",
        status=400,
        content_type="application/xml",
        headers={"x-amzn-errortype": UNKNOWN},
    )
