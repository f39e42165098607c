"""Cookie API: `GET /cookies` sets the signed cookies, `DELETE /cookies` deletes them."""

import logging
from collections.abc import Callable, Mapping

from cookies import request, responses
from cookies.claims import may_watch, objection
from cookies.environment import Environment
from cookies.key_source import KeysUnavailable
from cookies.lifetime import expiry, renewal
from cookies.responses import Response
from cookies.signed_cookies import CookieMint
from shared.log import note


class CookieApi:
    """Handles API Gateway events."""

    def __init__(
        self, *, environment: Environment, mint: CookieMint, clock: Callable[[], float]
    ) -> None:
        self._environment = environment
        self._mint = mint
        self._clock = clock

    def answer(self, event: object) -> Response:
        """The response to an event: 5xx only for `KeysUnavailable`, 4xx for bad requests."""
        try:
            method = request.method(event)
            if method == "GET":
                return self._cookies_for(request.claims(event))
        except request.MalformedEvent as error:
            return _refused(400, error.field, str(error))
        if method == "DELETE":
            return responses.signed_out(path=self._environment.media_path)
        note("refused", status=405, field="httpMethod")
        return responses.method_not_allowed()

    def _cookies_for(self, claims: Mapping[str, str] | None) -> Response:
        if not claims:
            return _refused(401, "requestContext.authorizer.claims", "Sign in first.")
        if not may_watch(claims, self._environment.client_id):
            return _refused(403, *objection(claims))
        try:
            return self._signed_in(int(self._clock()))
        except KeysUnavailable as error:
            note("unavailable", level=logging.ERROR, status=503, reason=str(error))
            return responses.unavailable()

    def _signed_in(self, now: int) -> Response:
        expires = expiry(
            now,
            cookie_seconds=self._environment.cookie_seconds,
            step_seconds=self._environment.step_seconds,
        )
        return responses.signed_in(
            self._mint.cookies(expires),
            path=self._environment.media_path,
            expires=expires,
            renew_after=renewal(now, expires),
        )


def _refused(status: int, field: str, message: str) -> Response:
    note("refused", status=status, field=field)
    return responses.refused(status, field=field, message=message)
