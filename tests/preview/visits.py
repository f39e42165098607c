"""Visits to the preview: `protected_stream.verify` with requests in this process."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.origins import fetched
from preview.hosts.routing import route
from preview.resource import Resource
from preview.services.manifest_query import manifest_query
from protected_stream.errors import AwsError
from protected_stream.reading.stream_facts import StreamFacts, stream_facts
from protected_stream.verify.answers import NO_HEADERS, Answer
from protected_stream.verify.internet import parts
from protected_stream.verify.promises import PROMISES, Promise, verdict
from protected_stream.verify.visit import Viewer, Visit
from tests.preview.browser import Browser

PLAYLIST = "#EXTM3U\n"
BY_ID: Mapping[str, Promise] = {one.id: one for one in PROMISES}


@dataclass(frozen=True)
class InProcess:
    """Sends requests to the preview's hosts, and those for an origin to the origin itself.

    There are no connections: a TLS handshake takes longer than the response.
    """

    account: Account

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> Answer:
        """The response."""
        host = parts(url)[1]
        request = _request(method, url, headers, body)
        for distribution, origin in origins(self.account):
            if origin["DomainName"] == host and "execute-api" not in host:
                return _answer(_at_the_origin(self.account, distribution, origin, request))
        return _answer(route(self.account, request))


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Request:
    """As the preview's server makes it; the target is as the client wrote it."""
    scheme, host, target = parts(url)
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": target,
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": host,
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    if "Content-Type" in headers:
        environ["CONTENT_TYPE"] = headers["Content-Type"]
    return Request(environ)


def _answer(response: Response) -> Answer:
    return Answer(
        status=response.status_code, headers=list(response.headers), body=response.get_data()
    )


def origins(account: Account) -> list[tuple[Resource, Mapping[str, Any]]]:
    """The origins of the account's distributions."""
    return [
        (distribution, origin)
        for distribution in account.resources.of_type("AWS::CloudFront::Distribution")
        for origin in distribution.properties["DistributionConfig"]["Origins"]
    ]


def _at_the_origin(
    account: Account, distribution: Resource, origin: Mapping[str, Any], request: Request
) -> Response:
    """The origin's response to a request that CloudFront has not signed."""
    unsigned = ("OriginAccessControlId", "OriginCustomHeaders")
    bare = {name: value for name, value in origin.items() if name not in unsigned}
    return fetched(account, distribution, bare, request)


def facts_of(account: Account, outputs: Mapping[str, str]) -> StreamFacts:
    """The facts of a deployed stack, from its resources."""
    resources = {
        name: {"Type": one.type, "Properties": one.properties}
        for name, one in account.resources.by_logical_id.items()
    }
    return stream_facts({"Resources": resources, "Outputs": outputs})


def visit(account: Account, outputs: Mapping[str, str], viewer: Viewer | None = None) -> Visit:
    """A visit by a stranger, unless there is a viewer."""
    return Visit(
        fetch=InProcess(account),
        outputs=outputs,
        facts=facts_of(account, outputs),
        origins={one["Id"]: one["DomainName"] for _, one in origins(account)},
        viewer=viewer,
        client=account.client,
        now=account.clock.now,
        old_tls=lambda _: None,
    )


def viewer_of(browser: Browser) -> Viewer:
    """The viewer of a browser that has signed in."""
    taken = browser.clock.now()
    answer = browser.ask_for_cookies()
    assert answer.status_code == 200, answer.text
    lines = answer.raw.headers.getlist("Set-Cookie")
    return Viewer(set_cookie=tuple(lines), taken=taken, token=browser.tokens["access_token"])


def step(name: str, *, as_viewer: bool = False) -> Callable[..., None]:
    """A promise as a step of the scenario; a promise that cannot be tried holds."""

    def keeps(account: Account, outputs: Mapping[str, str], browser: Browser) -> None:
        viewer = viewer_of(browser) if as_viewer else None
        try:
            visiting = visit(account, outputs, viewer)
        except AwsError as error:
            raise AssertionError(str(error)) from None
        found = verdict(BY_ID[name], visiting)
        assert found.state != "broken", found.why

    keeps.__name__ = name
    return keeps


def playable(_: Resource, name: str) -> bytes | None:
    """Manifests of one rendition, and segments that ffmpeg need not understand."""
    manifest_query(name.partition("?")[2])
    name = name.partition("?")[0]
    if name.endswith("one.m3u8"):
        return f"{PLAYLIST}#EXTINF:4,\nsegment_1.vtt\n".encode()
    if name.endswith(".m3u8"):
        return f"{PLAYLIST}#EXT-X-STREAM-INF:BANDWIDTH=1\none.m3u8\n".encode()
    if name.endswith(".mpd"):
        return (
            b'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet>'
            b'<SegmentTemplate media="segment_$Number$.vtt" startNumber="7"><SegmentTimeline>'
            b'<S t="0" d="4" r="2"/></SegmentTimeline></SegmentTemplate>'
            b'<Representation id="1" bandwidth="1"/></AdaptationSet></Period></MPD>'
        )
    return name.encode()
