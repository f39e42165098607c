"""CloudFront viewer request, as it was sent."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from werkzeug.wrappers import Request

UNRESERVED = re.compile(r"%(?:2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])", re.I)


@dataclass(frozen=True, kw_only=True)
class ViewerRequest:
    """The request, and the parts that werkzeug provides only in decoded form."""

    http: Request
    path: str
    """Percent-encoded as the viewer sent it."""
    query: str
    """Without its question mark."""
    cookies: Mapping[str, str] = field(repr=False)
    """The first cookie of each name; values as they are in the header."""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def url(self, scheme: str) -> str:
        """The full URL, with the viewer's Host header."""
        return f"{scheme}://{self.http.host}{self.target}"


def page_request(viewer: ViewerRequest, path: str) -> ViewerRequest:
    """The same viewer's request, but for the error page at this path."""
    environ = {
        **viewer.http.environ,
        "REQUEST_METHOD": "GET",
        "CONTENT_LENGTH": "",
        "wsgi.input": io.BytesIO(),
    }
    return ViewerRequest(http=Request(environ), path=path, query="", cookies=viewer.cookies)


def viewer_request(request: Request) -> ViewerRequest:
    """Parses a request; werkzeug's servers keep its raw target in REQUEST_URI."""
    target = str(request.environ["REQUEST_URI"])
    if not target.startswith("/"):
        target = re.sub(r"^[a-z]+://[^/?]*", "", target) or "/"
    path, _, query = target.partition("?")
    return ViewerRequest(http=request, path=path, query=query, cookies=_cookies(request))


def _cookies(request: Request) -> Mapping[str, str]:
    """https://www.rfc-editor.org/rfc/rfc6265#section-5.4."""
    cookies: dict[str, str] = {}
    for pair in request.headers.get("Cookie", "").split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals:
            cookies.setdefault(name, value)
    return cookies


def normalized(path: str) -> str:
    """The path that CloudFront compares with path patterns.

    "CloudFront normalizes URI paths consistent with RFC 3986", including multiple slashes and dot
    segments; the origin gets the raw path.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    ("Path normalization"), https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.
    """
    plain = re.sub(r"/{2,}", "/", UNRESERVED.sub(lambda found: unquote(found[0]), path))
    kept: list[str] = []
    *folders, last = plain.split("/")[1:]
    for segment in folders:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    return "/".join(["", *kept, "" if last in {".", ".."} else last])
