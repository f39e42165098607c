"""Cognito token endpoint: authorization codes, tokens, and token refresh.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import base64
import dataclasses
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool
from werkzeug.wrappers import Request, Response

from preview.services.signin.tokens import SignedIn, tokens, validity

CODE_SECONDS = 300
ANYWHERE = {"Access-Control-Allow-Origin": "*"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Code:
    """An authorization code, until it is redeemed."""

    who: SignedIn
    redirect_uri: str
    challenge: str
    until: float


class Grants:
    """The authorization codes and refresh tokens that a user pool has issued."""

    def __init__(
        self,
        *,
        pool: CognitoIdpUserPool,
        clients: Mapping[str, Mapping[str, Any]],
        issuer: str,
        clock: Callable[[], float],
    ) -> None:
        """`clients` are the app clients' properties, by ID; `clock` returns epoch seconds."""
        self._pool, self._clients, self._issuer, self._clock = pool, clients, issuer, clock
        self._codes: dict[str, _Code] = {}
        self._refreshing: dict[str, tuple[SignedIn, float]] = {}
        self._rotating: set[str] = set()
        """Refresh tokens that were replaced."""
        self._ends: dict[str, float] = {}
        """When the sessions of those end, in epoch seconds."""

    def code(self, who: SignedIn, asked: Mapping[str, str]) -> str:
        """A new authorization code for a signed-in viewer, as requested in the query."""
        code = str(uuid.uuid4())
        self._codes[code] = _Code(
            who=who,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge", ""),
            until=self._clock() + CODE_SECONDS,
        )
        return code

    def token(self, request: Request) -> Response:
        """The response of the token endpoint."""
        form = request.form
        client = self._clients.get(form.get("client_id", ""))
        if client is None or _has_secret(client):
            # nobody here knows the secret, and a page could not keep it
            return _json({"error": "invalid_client"}, 400)
        grant = GRANTS.get(form.get("grant_type", ""))
        if grant is None:
            return _json({"error": "unsupported_grant_type"}, 400)
        answer = grant(self, form, client)
        return _json(answer) if answer else _json({"error": "invalid_grant"}, 400)

    def revoke(self, request: Request) -> Response:
        """Revokes a refresh token.

        https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
        """
        self._refreshing.pop(request.form.get("token", ""), None)
        return Response(status=200, headers=ANYWHERE)

    def _redeemed(
        self, form: Mapping[str, str], client: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        code = self._codes.pop(form.get("code", ""), None)
        if (
            code is None
            or self._clock() >= code.until
            or code.who.client_id != form["client_id"]
            or code.redirect_uri != form.get("redirect_uri")
            or code.challenge != challenge(form.get("code_verifier", ""))
        ):
            return None
        refresh = secrets.token_urlsafe()
        until = self._clock() + validity(client, "RefreshToken")
        self._refreshing[refresh] = (code.who, until)
        return {**self._tokens(client, code.who), "refresh_token": refresh}

    def _refreshed(
        self, form: Mapping[str, str], client: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        who, until = self._refreshing.get(form.get("refresh_token", ""), (None, 0.0))
        if who is None or self._clock() >= until or not who.user.enabled:
            return None
        if who.client_id != form["client_id"]:
            return None
        rotated = self._rotated(form["refresh_token"], client, who, until)
        return {**self._tokens(client, dataclasses.replace(who, nonce=None)), **rotated}

    def _rotated(
        self, old: str, client: Mapping[str, Any], who: SignedIn, until: float
    ) -> Mapping[str, str]:
        """A new refresh token for the rest of the session, if the app client rotates them.

        The old one is accepted until the grace period ends, which a retry does not extend.
        https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
        """
        rotation = client.get("RefreshTokenRotation", {})
        if rotation.get("Feature") != "ENABLED":
            return {}
        if old not in self._rotating:
            self._rotating.add(old)
            grace = int(rotation.get("RetryGracePeriodSeconds", 0))
            self._refreshing[old] = who, min(until, self._clock() + grace)
            self._ends[old] = until
        new = secrets.token_urlsafe()
        self._refreshing[new] = who, self._ends[old]
        return {"refresh_token": new}

    def _tokens(self, client: Mapping[str, Any], who: SignedIn) -> dict[str, Any]:
        return tokens(self._pool, client, who, now=int(self._clock()), issuer=self._issuer)


def _has_secret(client: Mapping[str, Any]) -> bool:
    return client.get("GenerateSecret", False) in (True, "true")


def challenge(verifier: str) -> str:
    """The code challenge for a verifier (RFC 7636, section 4.2); "" without a verifier."""
    if not verifier:
        return ""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(
        json.dumps(document), status=status, content_type="application/json", headers=ANYWHERE
    )


Grant = Callable[[Grants, Mapping[str, str], Mapping[str, Any]], Mapping[str, Any] | None]
GRANTS: Mapping[str, Grant] = {
    "authorization_code": Grants._redeemed,
    "refresh_token": Grants._refreshed,
}
