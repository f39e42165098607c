"""Viewer's browser: HTTPS to the stack's real host names, served by this machine."""

import base64
import hashlib
import hmac
import re
import secrets
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InsecureRequestWarning
from urllib3.util.ssl_ import create_urllib3_context

from preview.hosts.server import Served
from preview.services.clock import Clock


class ToThisMachine(HTTPAdapter):
    """Connects to the preview's ports for every host name."""

    def __init__(self, served: Served, address: str) -> None:
        self._ports = {"https": served.https_port, "http": served.http_port}
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Loads no certificates, because the preview's certificate is temporary."""
        context = create_urllib3_context(cert_reqs=ssl.CERT_NONE)
        options["source_address"] = (self._address, 0)
        super().init_poolmanager(*arguments, ssl_context=context, **options)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # options are passed on
        address = str(request.url)
        parts = urlsplit(address)
        request.headers["Host"] = parts.netloc
        request.url = parts._replace(netloc=f"127.0.0.1:{self._ports[parts.scheme]}").geturl()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", InsecureRequestWarning)
                response = super().send(request, **{**options, "verify": False})
        finally:
            request.url = address
            del request.headers["Host"]
        response.url = address
        return response


class _Form(HTMLParser):
    """The first form of a page: its action and fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.action = attributes.get("action") or ""
        if tag == "input" and attributes.get("name"):
            self.fields[str(attributes["name"])] = attributes.get("value") or ""


class App:
    """Authenticator app of a viewer who waits for a code that was not used before."""

    def __init__(self, key: str) -> None:
        self._key = base64.b32decode(key + "=" * (-len(key) % 8))
        self._last = ""

    def next_code(self, clock: Clock) -> str:
        """The current code, skipping time if it was already used."""
        while (code := self.shown(clock.now())) == self._last:
            clock.skip(30)
        self._last = code
        return code

    def shown(self, now: float) -> str:
        """The code at a time (RFC 6238; RFC 4226, section 5.3)."""
        step = int(now) // 30
        digest = hmac.digest(self._key, step.to_bytes(8, "big"), "sha1")
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
        return f"{number % 1_000_000:06}"


@dataclass(kw_only=True)
class Browser:
    """Cookies and tokens of one viewer."""

    served: Served
    clock: Clock
    watch_address: str
    """The page's URL, where the viewer starts."""
    token_header: str = "Authorization"
    """The header in which the page sends the access token."""
    address: str = ""
    """The viewer's address, one of this machine's; empty for the usual one."""
    tokens: Mapping[str, Any] = field(default_factory=dict, repr=False)
    app: App | None = None
    """The viewer's authenticator app, once a page has given a key for it."""

    def __post_init__(self) -> None:
        self.session = requests.Session()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, ToThisMachine(self.served, self.address))

    def get(self, address: str, **options: Any) -> requests.Response:
        """The response for a URL, or for a path on the page's host."""
        return self.ask("GET", address, **options)

    def ask(self, method: str, address: str, **options: Any) -> requests.Response:
        """The response; redirects are not followed."""
        address = urljoin(self.watch_address, address)
        return self.session.request(method, address, **{"allow_redirects": False, **options})

    @property
    def cookie_names(self) -> set[str]:
        """The names of the media cookies in the browser."""
        return {one.name for one in self.session.cookies if one.name.startswith("CloudFront-")}

    def close(self) -> None:
        self.session.close()

    def settings(self) -> dict[str, str]:
        """The settings that the page fetches first."""
        return dict(self.get("/api/config").json())

    def authorization(self, scope: str = "openid email", **changed: str) -> tuple[str, str]:
        """The sign-in URL, and the PKCE verifier (RFC 7636)."""
        settings = self.settings()
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings["clientId"],
            "redirect_uri": self.watch_address,
            "scope": scope,
            "state": "the-page's-state",
            "nonce": "the-page's-nonce",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **changed,
        }
        return f"https://{settings['signInHost']}/oauth2/authorize?{urlencode(query)}", verifier

    def submitted(self, page: requests.Response, **filled: str) -> requests.Response:
        """The response to the page's form, filled in."""
        form = _Form(page.text)
        assert form.action, page.text
        return self.ask("POST", urljoin(page.url, form.action), data={**form.fields, **filled})

    def followed(self, page: requests.Response) -> requests.Response:
        """The response after following redirects within the sign-in host."""
        while page.is_redirect and not page.headers["Location"].startswith(self.watch_address):
            page = self.ask("GET", urljoin(page.url, page.headers["Location"]))
        return page

    def sign_in(self, email: str, password: str, new_password: str = "", **asked: str) -> None:
        """Signs in as the page does; a temporary password requires a new one."""
        address, verifier = self.authorization(**asked)
        page = self.followed(self.get(address))
        if not page.is_redirect:
            page = self.followed(self.submitted(page, username=email, password=password))
        if not page.is_redirect and new_password:
            page = self.followed(
                self.submitted(page, new_password=new_password, confirm_password=new_password)
            )
        if not page.is_redirect:
            page = self.followed(self.submitted(page, code=self._code(page.text)))
        assert page.is_redirect, page.text
        address, _, query = page.headers["Location"].partition("?")
        self.redeem(address, query, verifier)

    def _code(self, page: str) -> str:
        """The code in the viewer's app, after typing in the page's key, if any."""
        if key := re.search(r"<code>([A-Z2-7]+)</code>", page):
            self.app = App(key[1])
        assert self.app, page
        return self.app.next_code(self.clock)

    def redeem(self, redirect_uri: str, query: str, verifier: str) -> None:
        """Exchanges the code in the answer for tokens."""
        answer = parse_qs(query)
        assert answer["state"] == ["the-page's-state"], query
        settings = self.settings()
        response = self.ask(
            "POST",
            f"https://{settings['signInHost']}/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "client_id": settings["clientId"],
                "code": answer["code"][0],
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            },
        )
        assert response.status_code == 200, response.text
        self.tokens = response.json()

    def ask_for_cookies(self, token: str | None = None) -> requests.Response:
        """Requests cookies with the access token; the browser keeps them."""
        return self.get("/api/cookies", headers=self.with_token(token))

    def with_token(self, token: str | None = None) -> dict[str, str]:
        """The header of a request with the access token."""
        token = self.tokens["access_token"] if token is None else token
        scheme = "Bearer " if self.token_header == "Authorization" else ""
        return {self.token_header: f"{scheme}{token}"}
