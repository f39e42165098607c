"""One visit to a deployed stream: what every check gets."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from protected_stream.reading.stream_facts import StreamFacts
from protected_stream.verify.answers import NO_HEADERS, Answer, Broken, Fetch, NotTried
from protected_stream.verify.internet import accepts_old_tls

NAMES = (
    "CloudFront-Policy",
    "CloudFront-Signature",
    "CloudFront-Key-Pair-Id",
    "CloudFront-Hash-Algorithm",
)
"""Source: Amazon CloudFront Developer Guide, "Set signed cookies using a custom policy"."""


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Somebody who may watch."""

    set_cookie: tuple[str, ...] = field(repr=False)
    """The Set-Cookie headers of the response with the cookies."""
    taken: float
    """When, in epoch seconds."""
    token: str = field(default="", repr=False)
    """The access token; empty if the operator has called the function without one."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name."""
        pairs = [line.partition(";")[0].partition("=") for line in self.set_cookie]
        return {name.strip(): value for name, _, value in pairs}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit, as a stranger and, if there are cookies, as a viewer."""

    fetch: Fetch
    outputs: Mapping[str, str]
    facts: StreamFacts
    origins: Mapping[str, str] = field(default_factory=dict)
    """The host names of the distribution's origins, by their IDs in the template."""
    viewer: Viewer | None = None
    why_no_viewer: str = "nobody signed in"
    is_viewer_refused: bool = False
    """Whether somebody who may watch got no cookies, for that reason."""
    client: Callable[[str], Any] | None = None
    """boto3's clients of the operator."""
    now: Callable[[], float] = time.time
    """Epoch seconds at the stream."""
    old_tls: Callable[[str], bool | None] = accepts_old_tls

    @property
    def watch_address(self) -> str:
        """The page's URL."""
        return self.outputs["WatchAddress"]

    @property
    def host(self) -> str:
        """The page's host name."""
        return urlsplit(self.watch_address).netloc

    @property
    def manifests(self) -> tuple[str, ...]:
        """The URLs of the manifests."""
        return tuple(self.outputs[name] for name in self.facts.manifests)

    @property
    def media(self) -> tuple[str, ...]:
        """The manifests, and a segment beside each."""
        folders = dict.fromkeys(address.rpartition("/")[0] for address in self.manifests)
        return (*self.manifests, *(f"{folder}/segment_1.mp4" for folder in folders))

    def get(self, address: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """The response for a URL, or for a path on the page's host."""
        return self.ask("GET", address, headers)

    def ask(
        self, method: str, address: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> Answer:
        """The response to a request of any method."""
        url = address if "://" in address else f"{self.watch_address[:-1]}{address}"
        return self.fetch(method, url, headers, body)

    def watch(self, url: str, *, base: str = "") -> Answer:
        """What a viewer gets."""
        return self.get(urljoin(base, url) if base else url, cookie_header(self.signed_in.cookies))

    @property
    def signed_in(self) -> Viewer:
        """The viewer.

        Raises:
            NotTried: there is none.
        """
        if self.viewer is None:
            raise NotTried(self.why_no_viewer)
        return self.viewer

    def with_token(self, token: str) -> Mapping[str, str]:
        """The header with an access token, as the page sends it."""
        name = self.facts.token_header
        return {name: f"Bearer {token}" if name == "Authorization" else token}

    def settings(self) -> dict[str, str]:
        """The page's settings.

        Raises:
            Broken: there are none.
        """
        answer = self.get("/api/config")
        if not answer.is_served:
            raise Broken(f"/api/config has status {answer.status}")
        return _json_object(answer)

    def operator(self, service: str) -> Any:
        """A client of the operator.

        Raises:
            NotTried: there are no credentials.
        """
        if self.client is None:
            raise NotTried("no AWS credentials are used")
        return self.client(service)


def _json_object(answer: Answer) -> dict[str, str]:
    return dict(json.loads(answer.body))


def cookie_header(cookies: Mapping[str, str]) -> Mapping[str, str]:
    """The request header with these cookies; none without cookies."""
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": sent} if sent else {}
