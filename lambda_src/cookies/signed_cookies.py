"""CloudFront signed cookies: the four cookies that give a viewer access to the stream."""

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cookies.names import NAMES
from cookies.policy import cookie_text, policy
from cookies.signer import Signer

# one per step and key: the current step, the next one, and a rotation in between
_KEPT = 4


class CookieMint:
    """Creates the cookies, signing once for all viewers who share an expiry and a key."""

    def __init__(self, *, media_url: str, current_signer: Callable[[], Signer]) -> None:
        self._media_url = media_url
        self._current_signer = current_signer
        self._kept = functools.lru_cache(maxsize=_KEPT)(self._signed)

    def cookies(self, expires: int) -> Mapping[str, str]:
        """The four cookies by name, valid until `expires` (epoch seconds).

        Raises:
            KeysUnavailable: There is no key to sign with (from `current_signer`).
        """
        return self._kept(self._current_signer(), expires)

    def _signed(self, signer: Signer, expires: int) -> Mapping[str, str]:
        message = policy(self._media_url, expires)
        values = (
            cookie_text(message),
            cookie_text(signer.signature(message)),
            signer.key_pair_id,
            signer.hash_algorithm,
        )
        return MappingProxyType(dict(zip(NAMES, values, strict=True)))
