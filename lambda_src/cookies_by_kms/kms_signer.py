"""KMS signing: the four cookies, signed once for all viewers within a step.

Viewers are not rejected during a KMS outage: the last signed cookies bridge the gap while they
remain valid long enough.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cookies.answer import Unavailable
from cookies.lifetime import expiry
from cookies.names import NAMES
from cookies.policy import cookie_text, policy
from cookies.responses import RETRY_AFTER_SECONDS
from shared.log import note

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from cookies.cookie_source import Cookies

RETRY_SECONDS = 30
"""While bridging, the longest time between two attempts to sign."""

OF_ONE_KEY = ("DisabledException", "KMSInvalidStateException")
"""What KMS answers for a key that is disabled or about to be deleted: an older one may sign."""

Key = list[str]
"""CloudFront ID, KMS key ARN, algorithm, and since when CloudFront distributes it."""


class KmsSigner:
    """Signs with the newest key that every CloudFront edge location has.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
    """

    def __init__(self, *, kms: "KMSClient", variables: Mapping[str, str]) -> None:
        """Read the settings from the environment variables that the template sets.

        KEYS has one `id=arn=algorithm=since` per key, newest first, separated by spaces: CloudFront
        ID, KMS key ARN and algorithm, and since when CloudFront distributes the key to its edge
        locations, in epoch seconds.
        """
        self._kms = kms
        self._keys = [key.split("=") for key in variables["KEYS"].split()]
        self._grace = int(variables["GRACE_SECONDS"])
        self._seconds = int(variables["COOKIE_SECONDS"])
        self._step = int(variables["STEP_SECONDS"])
        self._media = variables["MEDIA_URL"]
        self.client_id = variables["CLIENT_ID"]
        self.media_path = "/" + self._media.split("/", 3)[3].removesuffix("*")
        self._last: Cookies = ({}, 0)
        self._last_for: tuple[Key, int] | None = None
        self._again_at = 0

    def cookies(self, now: int) -> "Cookies":
        """The cookies to send at `now`, and when they expire; both in epoch seconds.

        Raises:
            Unavailable: KMS cannot sign, and there are no usable cookies left.
        """
        expires = expiry(now, cookie_seconds=self._seconds, step_seconds=self._step)
        wanted = self._key(now), expires
        # cookies that expire sooner would make all viewers send request after request
        until = self._last[1] - self._seconds // 4
        # an attempt that is further away was planned by a clock that was ahead
        waits = now < self._again_at <= now + RETRY_SECONDS
        if not waits and wanted != self._last_for:
            try:
                message = policy(self._media, expires)
                self._last = self._sign(wanted[0], message), expires
                self._last_for, until = wanted, expires
            # any error: the SDK raises its own for no answer, and any for one of another shape
            except Exception as error:  # noqa: BLE001 - see above
                # the SDK's own messages quote hosts
                reason = type(error).__name__
                if isinstance(error, ClientError):
                    reason = error.response["Error"]["Code"]
                if reason in OF_ONE_KEY and wanted[0] != self._keys[-1]:
                    note("key cannot sign", level=logging.ERROR, key=wanted[0][0], reason=reason)
                    self._keys.remove(wanted[0])
                    return self.cookies(now)
                # do not call a throttling or unresponsive KMS for every viewer, but do call it when
                # the last cookies are no longer usable
                self._again_at = min(now + RETRY_SECONDS, max(now + RETRY_AFTER_SECONDS, until + 1))
                if now > until:
                    note("unavailable", level=logging.ERROR, reason=reason)
                else:
                    note("bridging", reason=reason)
        # cookies that expire later than new ones would were signed by a clock that was ahead
        if not now <= until <= expires:
            raise Unavailable
        return self._last

    def _key(self, now: int) -> Key:
        known = (key for key in self._keys if int(key[3]) + self._grace <= now)
        return next(known, self._keys[-1])

    def _sign(self, key: Key, message: bytes) -> Mapping[str, str]:
        key_pair_id, arn, algorithm, _ = key
        signature = self._kms.sign(
            KeyId=arn,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm=algorithm,  # type: ignore[arg-type]  # the template names one
        )["Signature"]
        values = cookie_text(message), cookie_text(signature), key_pair_id, "SHA256"
        return dict(zip(NAMES, values, strict=True))
