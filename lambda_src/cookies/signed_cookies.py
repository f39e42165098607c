"""CloudFront signed cookies: the four cookies that give a viewer access to the stream."""

import copy
import functools
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Self

from cookies.answer import Unavailable
from cookies.cookie_source import Cookies
from cookies.environment import Environment
from cookies.key_source import KeysUnavailable
from cookies.lifetime import expiry
from cookies.names import NAMES
from cookies.policy import cookie_text, from_address, policy
from cookies.signer import Signer
from shared.log import note

# one per step and key: the current step, the next one, and a rotation in between
_KEPT = 4


class SignedCookies:
    """Creates the cookies, signing once for all viewers who share an expiry and a key."""

    def __init__(self, *, environment: Environment, current_signer: Callable[[], Signer]) -> None:
        self._environment = environment
        self._current_signer = current_signer
        self._signed = functools.lru_cache(maxsize=_KEPT)(signed)
        self.client_id = environment.client_id
        self.media_path = environment.media_path
        self._address: str | None = None

    def bound_to(self, address: str) -> Self:
        """The same, for cookies that are valid for this IPv4 address only."""
        bound = copy.copy(self)
        bound._address = address
        return bound

    def cookies(self, now: int) -> Cookies:
        """The cookies to send at `now`, and when they expire; both in epoch seconds.

        Raises:
            Unavailable: There is no key to sign with; the log says why.
        """
        expires = expiry(
            now,
            cookie_seconds=self._environment.cookie_seconds,
            step_seconds=self._environment.step_seconds,
        )
        try:
            signer = self._current_signer()
        except KeysUnavailable as error:
            note("unavailable", level=logging.ERROR, reason=str(error))
            raise Unavailable from None
        url = self._environment.media_url
        if self._address:
            # kept for nobody else: cached, it would displace the cookies of an earlier viewer
            return signed(signer, media_url=url, expires=expires, address=self._address), expires
        return self._signed(signer, media_url=url, expires=expires), expires


def signed(
    signer: Signer, *, media_url: str, expires: int, address: str | None = None
) -> Mapping[str, str]:
    """The four cookies by name, for everything under `media_url` until `expires` (epoch seconds).

    Args:
        signer: a key that CloudFront trusts.
        media_url: the policy's Resource; its only wildcard is at the end.
        expires: when CloudFront stops accepting them.
        address: the only IPv4 address that they are valid for; None: they are valid for all.
    """
    bound = {"IpAddress": from_address(address)} if address else {}
    message = policy(media_url, expires, **bound)
    values = (
        cookie_text(message),
        cookie_text(signer.signature(message)),
        signer.key_pair_id,
        signer.hash_algorithm,
    )
    return MappingProxyType(dict(zip(NAMES, values, strict=True)))
