"""CloudFront origin request.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
controlling-origin-requests.html, RequestAndResponseBehaviorCustomOrigin.html,
DownloadDistValuesOrigin.html ("Origin path"), add-origin-custom-headers.html. Requests are not
signed here: the origin finds the ID of its origin access control in its settings.
"""

import uuid
from collections.abc import Mapping, Set
from typing import Any
from urllib.parse import unquote

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from preview.services.edge.request_policies import Selections
from preview.services.edge.signed_requests import COOKIES, base_query
from preview.services.edge.viewer_request import ViewerRequest

EDGE_ADDRESS = "198.51.100.1"
"""The client address that the origin sees: an address for documentation (RFC 5737)."""
ALWAYS = frozenset(
    {
        "content-length",
        "content-type",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
    }
)
"""Headers for the body, ranges, and conditions: always forwarded, regardless of the policies."""
NEVER = frozenset(
    {
        "accept-encoding",
        "connection",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-amz-cf-id",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-real-ip",
    }
)
"""Removed, or set below."""


def origin_request(
    viewer: ViewerRequest, *, origin: Mapping[str, Any], selected: Selections, is_restricted: bool
) -> Request:
    """The request that the origin gets.

    CloudFront "strips the signature query parameters" of signed URLs
    (https://github.com/aws-samples/image-optimization/issues/65), and likewise its signed cookies.
    Both only if the behavior requires them: otherwise, they belong to the application.
    """
    path = f"{origin.get('OriginPath', '')}{viewer.path}"
    query = selected.query(base_query(viewer.query) if is_restricted else viewer.query)
    headers = _headers(viewer, selected, COOKIES.keys() if is_restricted else frozenset())
    for custom in origin.get("OriginCustomHeaders", ()):
        headers[custom["HeaderName"]] = custom["HeaderValue"]
    host = viewer.http.host if selected.takes_header("host") else origin["DomainName"]
    builder = EnvironBuilder(
        method=viewer.http.method,
        base_url=f"{_scheme(viewer, origin)}://{host}/",
        query_string=query,
        headers=headers,
        data=viewer.http.get_data() or None,
    )
    environ = builder.get_environ()
    environ["PATH_INFO"] = unquote(path, "latin-1")
    environ["REQUEST_URI"] = environ["RAW_URI"] = f"{path}?{query}" if query else path
    environ["REMOTE_ADDR"] = EDGE_ADDRESS
    return Request(environ)


def _headers(viewer: ViewerRequest, selected: Selections, held_back: Set[str]) -> Headers:
    sent = viewer.http.headers
    headers = Headers(
        (name, value)
        for name, value in sent
        if name.lower() not in NEVER
        and not name.lower().startswith("x-edge-")
        and (name.lower() in ALWAYS or selected.takes_header(name))
    )
    cookies = "; ".join(
        f"{name}={value}"
        for name, value in sorted(viewer.cookies.items())
        if selected.takes_cookie(name) and name not in held_back
    )
    if cookies:
        headers["Cookie"] = cookies
    if encoding := _accept_encoding(sent.get("Accept-Encoding", ""), selected):
        headers["Accept-Encoding"] = encoding
    agent = sent.get("User-Agent") if selected.takes_header("user-agent") else None
    headers["User-Agent"] = agent or "Amazon CloudFront"
    forwarded = (sent.get("X-Forwarded-For"), viewer.http.remote_addr)
    headers["X-Forwarded-For"] = ",".join(address for address in forwarded if address)
    headers["X-Amz-Cf-Id"] = uuid.uuid4().hex
    return headers


def _accept_encoding(sent: str, selected: Selections) -> str:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html#cache-policy-compressed-objects."""
    if selected.encodings:
        wanted = {part.partition(";")[0].strip() for part in sent.split(",")}
        return ",".join(encoding for encoding in selected.encodings if encoding in wanted)
    return sent if selected.takes_header("accept-encoding") else ""


def _scheme(viewer: ViewerRequest, origin: Mapping[str, Any]) -> str:
    policy = origin.get("CustomOriginConfig", {}).get("OriginProtocolPolicy", "match-viewer")
    return viewer.http.scheme if policy == "match-viewer" else str(policy.removesuffix("-only"))
