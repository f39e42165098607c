"""The second factor: the codes that viewers' authenticator apps show."""

import base64
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

KEY_BYTES = 32
DIGITS, SECONDS = 6, 30
LATE_STEPS = 1
"""A code is taken for one more step than it is shown (RFC 6238, section 5.2)."""


class Authenticators:
    """The keys of viewers' apps, by the viewers' e-mail addresses.

    What a code is, and that none is taken twice, is RFC 6238's; that codes have six digits, live
    for 30 seconds and are made with SHA-1 is what authenticator apps take for granted.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nobody has an app yet; `clock` is the time, in epoch seconds."""
        self._clock = clock
        self._keys: dict[str, bytes] = {}
        self._last_step: dict[str, int] = {}
        """That of the newest code which was taken; who has none is still setting up the app."""

    def key(self, address: str) -> str:
        """What the viewer types into the app, in base32: for nobody else, nor after that."""
        key = self._keys.setdefault(address, secrets.token_bytes(KEY_BYTES))
        return base64.b32encode(key).decode().rstrip("=")

    def is_set_up(self, address: str) -> bool:
        """Whether a code of the viewer's app was ever right."""
        return address in self._last_step

    def shown(self, address: str) -> str:
        """The code that the viewer's app shows now.

        Raises:
            KeyError: the viewer has no app.
        """
        return self._app(address).generate(self._clock()).decode()

    def accepts(self, address: str, code: str) -> bool:
        """Whether the viewer's app shows the code, or just did, and it was not taken before."""
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
