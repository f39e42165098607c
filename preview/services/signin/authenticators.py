"""Cognito MFA: the codes that viewers' authenticator apps show (TOTP)."""

import base64
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

KEY_BYTES = 32
DIGITS, SECONDS = 6, 30
LATE_STEPS = 1
"""A code is accepted for one step longer than it is shown (RFC 6238, section 5.2)."""


class Authenticators:
    """The keys of viewers' authenticator apps, by email address.

    RFC 6238 defines the codes, and that each is accepted only once. Authenticator apps assume six
    digits, 30 seconds, and SHA-1.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nobody has an app yet; `clock` is the time in epoch seconds."""
        self._clock = clock
        self._keys: dict[str, bytes] = {}
        self._last_step: dict[str, int] = {}
        """The step of the last accepted code; viewers without one are still setting up the app."""

    def key(self, address: str) -> str:
        """The secret key that the viewer types into the app, in base32; shown only for setup."""
        key = self._keys.setdefault(address, secrets.token_bytes(KEY_BYTES))
        return base64.b32encode(key).decode().rstrip("=")

    def is_set_up(self, address: str) -> bool:
        """Whether a code from the viewer's app was ever accepted."""
        return address in self._last_step

    def shown(self, address: str) -> str:
        """The current code in the viewer's app.

        Raises:
            KeyError: the viewer has no app.
        """
        return self._app(address).generate(self._clock()).decode()

    def accepts(self, address: str, code: str) -> bool:
        """Whether the code is the current or previous one, and was not accepted before."""
        now = int(self._clock()) // SECONDS
        first = max(now - LATE_STEPS, self._last_step.get(address, 0) + 1)
        for step in range(first, now + 1):
            if self._is_right(address, code, step):
                self._last_step[address] = step
                return True
        return False

    def _is_right(self, address: str, code: str, step: int) -> bool:
        try:
            self._app(address).verify(code.encode(), step * SECONDS)
        except InvalidToken:
            return False
        return True

    def _app(self, address: str) -> TOTP:
        return TOTP(self._keys[address], DIGITS, SHA1(), SECONDS)  # noqa: S303 - the apps' own
