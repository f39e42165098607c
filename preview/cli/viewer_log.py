"""Viewer log: lines for the operator about viewers, derived from requests and responses.

Cookies, query strings, tokens, and passwords are left out: they are secrets.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.cli.output import Output, wall_clock
from preview.services.edge.policy_statement import Malformed, statement
from preview.services.edge.signatures import decoded
from preview.services.media import SEGMENTS
from preview.services.signin.signin import SESSION

MANIFESTS = {".m3u8": "HLS", ".mpd": "DASH"}
CODE = re.compile(rb"<Code>(\w+)</Code>")
# Meaning of CloudFront's error codes (preview/services/edge/signed_requests.py)
REASONS: Mapping[str, str] = {
    "AccessDenied": "cookies for another stream, or damaged cookies",
    "InvalidKey": "cookies signed with a key that is not trusted",
    "MalformedPolicy": "damaged cookies",
    "MissingKey": "no cookies",
}
SIGNED_OUT = {("GET", "/logout"), ("DELETE", "/api/cookies")}


class ViewerLog:
    """Prints what viewers do, as the server sees it."""

    def __init__(
        self, output: Output, clock: Callable[[], float], *, requests: bool = False
    ) -> None:
        """A log without viewers yet.

        Args:
            output: prints the lines.
            clock: the account's time in epoch seconds.
            requests: whether each request also gets a line.
        """
        self._output, self._clock, self._requests = output, clock, requests
        self._names: dict[str, str] = {}
        self._playing: set[str] = set()
        self.cookies_until: dict[str, float] = {}
        """When each viewer's newest cookies expire, in epoch seconds, by name."""

    def saw(self, request: Request, response: Response) -> None:
        """Prints what a request and its response mean, if they mean anything to the operator."""
        if self._requests:
            address = f"{request.scheme}://{request.host}{request.path}"
            self._output.say(f"{response.status_code} {request.method} {address}")
        for step in STEPS:
            entry = step(self, request, response)
            if entry:
                what, of = entry
                self._output.once(f"{what:11} {of}".rstrip())
                return

    def _signed_in(self, request: Request, response: Response) -> tuple[str, str] | None:
        if (request.method, request.path) != ("POST", "/oauth2/token"):
            return None
        renewed = request.form.get("grant_type") == "refresh_token"
        if response.status_code != 200:
            over = "the sign-in has expired" if renewed else "the sign-in is not valid"
            return "refused", f"{response.status_code} {over}"
        claims = _claims(_json(response).get("id_token"))
        name = str(claims.get("email") or claims.get("sub"))
        self._names[str(claims.get("sub"))] = name
        if not renewed:
            self._playing.clear()
        return ("renewed", f"sign-in of {name}") if renewed else ("signed in", name)

    def _cookies(self, request: Request, response: Response) -> tuple[str, str] | None:
        """Issued cookies: to whom, and until when by this machine's wall clock."""
        expires = _json(response).get("expires")
        handed_out = any(one.startswith("CloudFront-") for one in _set_cookies(response))
        if request.method != "GET" or not handed_out or not isinstance(expires, int):
            return None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        name = self._names.get(str(_claims(token).get("sub")), "a viewer")
        self.cookies_until[name] = expires
        return "cookies", f"{name} until {wall_clock(expires)}"

    def _refused(self, request: Request, response: Response) -> tuple[str, str] | None:
        """Requests that CloudFront rejects by their cookies, or that the API rejects."""
        status = response.status_code
        if status < 400:
            return None
        if request.path.startswith("/api/"):
            return "refused", f"{status} at {request.path}"
        code = CODE.search(response.get_data())
        if response.headers.get("Server") != "CloudFront" or not code:
            return None
        return "refused", f"{status} {self._reason(code[1].decode(), request.cookies)}"

    def _reason(self, code: str, cookies: Mapping[str, str]) -> str:
        try:
            policy = statement(decoded(cookies.get("CloudFront-Policy", "")))
        except (ValueError, Malformed):
            return REASONS.get(code, code)
        if code == "AccessDenied" and self._clock() >= policy.until:
            return f"cookies expired at {wall_clock(policy.until)}"
        return REASONS.get(code, code)

    def _media(self, request: Request, response: Response) -> tuple[str, str] | None:
        """The first manifest after a sign-in or a failure, and the packager's failures."""
        suffix = f".{request.path.rpartition('.')[2]}"
        if suffix not in (*MANIFESTS, *SEGMENTS):
            return None
        if response.status_code >= 400:
            self._playing.clear()
            return "no media", f"{response.status_code} from the packager"
        if suffix not in MANIFESTS or MANIFESTS[suffix] in self._playing:
            return None
        self._playing.add(MANIFESTS[suffix])
        return "playing", MANIFESTS[suffix]

    def _signed_out(self, request: Request, response: Response) -> tuple[str, str] | None:
        there = (request.method, request.path) in SIGNED_OUT and response.status_code < 400
        if not there or not any(
            one.startswith((f"{SESSION}=;", "CloudFront-")) for one in _set_cookies(response)
        ):
            return None
        return "signed out", ""


STEPS = (
    ViewerLog._signed_in,
    ViewerLog._cookies,
    ViewerLog._signed_out,
    ViewerLog._refused,
    ViewerLog._media,
)


def _claims(token: object) -> Mapping[str, Any]:
    """A token's claims, unverified: the service that returned 200 has verified them."""
    try:
        part = str(token).split(".")[1]
        return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))
    except (IndexError, ValueError, TypeError):
        return {}


def _json(response: Response) -> Mapping[str, Any]:
    found = response.get_json(silent=True) if response.status_code == 200 else None
    return found if isinstance(found, dict) else {}


def _set_cookies(response: Response) -> list[str]:
    return response.headers.getlist("Set-Cookie")
