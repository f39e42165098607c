"""KMS signing of cookies that are bound to the viewer's address."""

import copy
import logging
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from cookies.answer import Unavailable
from cookies.lifetime import expiry
from cookies.policy import from_address, policy
from cookies_by_kms.kms_signer import OF_ONE_KEY, KmsSigner
from shared.log import note

if TYPE_CHECKING:
    from cookies.cookie_source import Cookies


class BindingKmsSigner(KmsSigner):
    """Can bind the cookies to an address; then it signs for every viewer, and caches nothing."""

    _address = ""

    def bound_to(self, address: str) -> Self:
        """The same, for cookies that are valid for this IPv4 address only."""
        bound = copy.copy(self)
        bound._address = address
        return bound

    def cookies(self, now: int) -> "Cookies":
        """The cookies to send at `now`, and when they expire; both in epoch seconds.

        Raises:
            Unavailable: KMS cannot sign.
        """
        if not self._address:
            return super().cookies(now)
        expires = expiry(now, cookie_seconds=self._seconds, step_seconds=self._step)
        key = self._key(now)
        message = policy(self._media, expires, IpAddress=from_address(self._address))
        try:
            return self._sign(key, message), expires
        # any error: the SDK raises its own for no answer, and any for one of another shape
        except Exception as error:  # noqa: BLE001 - see above
            reason = type(error).__name__
            if isinstance(error, ClientError):
                reason = error.response["Error"]["Code"]
        if reason in OF_ONE_KEY and key != self._keys[-1]:
            note("key cannot sign", level=logging.ERROR, key=key[0], reason=reason)
            self._keys.remove(key)
            return self.cookies(now)
        note("unavailable", level=logging.ERROR, reason=reason)
        raise Unavailable
