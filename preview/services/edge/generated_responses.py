"""CloudFront responses that do not come from an origin."""

from werkzeug.wrappers import Response

from preview.services.edge.behavior import Behavior
from preview.services.edge.signed_requests import Refusal
from preview.services.edge.viewer_request import ViewerRequest

FORBIDDEN = 403
HTML = "text/html"


def generated_response(viewer: ViewerRequest, behavior: Behavior) -> Response | None:
    """A redirect, or a 403 because of the protocol, the method, or a body; None otherwise.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html,
    DownloadDistValuesCacheBehavior.html ("Allowed HTTP methods"),
    RequestAndResponseBehaviorCustomOrigin.html ("GET requests that include a body").
    """
    method, policy = viewer.http.method, behavior.settings["ViewerProtocolPolicy"]
    if viewer.http.scheme == "http" and policy == "redirect-to-https":
        return _redirect(301 if method in {"GET", "HEAD"} else 307, viewer.url("https"))
    if viewer.http.scheme == "http" and policy == "https-only":
        return _forbidden("This distribution supports only HTTPS here.")
    if method not in behavior.allowed_methods:
        return _forbidden(
            "This distribution is not configured to allow the HTTP request method that was used"
            " for this request."
        )
    if method == "GET" and viewer.http.content_length:
        return _forbidden("A GET request must not include a body.")
    return None


def malformed() -> Response:
    """The response to a request whose target is neither a path nor a URL.

    https://www.rfc-editor.org/rfc/rfc9112#section-3.2 ("Request Target").
    """
    return _error(400, "Bad request.")


def from_another_country() -> Response:
    """The response to a viewer in a country that the distribution does not serve."""
    return _forbidden(
        "The Amazon CloudFront distribution is configured to block access from your country."
    )


def blocked(status: int) -> Response:
    """The response to a request that the web ACL blocks: its status, without a body of its own."""
    return _forbidden("Request blocked.") if status == FORBIDDEN else _generated(status, "", HTML)


def refused(refusal: Refusal) -> Response:
    """The response to a request whose signature CloudFront does not accept."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
    )
    return _generated(FORBIDDEN, body, "text/xml")


def _forbidden(reason: str) -> Response:
    return _error(FORBIDDEN, reason)


def _error(status: int, reason: str) -> Response:
    page = (
        "<title>ERROR: The request could not be satisfied</title>"
        f"<h1>{status} ERROR</h1><p>{reason}"
    )
    return _generated(status, f"<!DOCTYPE html>{page}", HTML)


def _redirect(status: int, location: str) -> Response:
    response = _generated(status, "", HTML)
    response.headers.update({"Location": location, "X-Cache": "Redirect from cloudfront"})
    return response


def _generated(status: int, body: str, content_type: str) -> Response:
    response = Response(body, status=status, content_type=content_type)
    response.headers.update({"Server": "CloudFront", "X-Cache": "Error from cloudfront"})
    return response
