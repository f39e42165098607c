"""The four cookies, signed by KMS once for all viewers of a step.

A viewer is not turned away because KMS has a bad hour: the cookies that were signed last bridge the
gap while enough of their life is left.
"""

from collections.abc import Mapping
from logging import ERROR, WARNING
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from cookies.lifetime import expiry
from cookies.names import NAMES
from cookies.policy import cookie_text, policy
from cookies.responses import RETRY_AFTER_SECONDS
from shared.log import note

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

RETRY_SECONDS = 30
"""While bridging, the longest time between two attempts to sign."""

Cookies = tuple[Mapping[str, str], int]
"""The cookies by name, and the epoch second in which they end."""


class Unavailable(Exception):
    """KMS does not sign just now, and the cookies of before are nearly over."""


class KmsSigner:
    """Signs with the newest key that every edge of CloudFront knows.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
    """

    def __init__(self, *, kms: "KMSClient", variables: Mapping[str, str]) -> None:
        """Settings from the environment variables that the template gives.

        KEYS is one `id=arn=algorithm=since` for each key, the newest first, with a space between:
        CloudFront's id of it, the KMS key's ARN and algorithm, and since when CloudFront's edges
        learn of it, in epoch seconds.
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
        self._last_for: tuple[list[str], int] | None = None
        self._again_at = 0

    def cookies(self, now: int) -> Cookies:
        """The cookies to give away at `now`, and when they end; both in epoch seconds.

        Raises:
            Unavailable: KMS does not sign, and nothing is left from before.
        """
        expires = expiry(now, cookie_seconds=self._seconds, step_seconds=self._step)
        wanted = self._key(now), expires
        # cookies that end sooner would have all viewers ask again and again
        until = self._last[1] - self._seconds // 4
        if wanted != self._last_for and now >= self._again_at:
            try:
                self._last = self._sign(*wanted), expires
                self._last_for, until = wanted, expires
            except (ClientError, BotoCoreError) as error:
                # a KMS that throttles or is silent is not asked by each viewer; but it is when the
                # cookies of before do no longer
                self._again_at = min(now + RETRY_SECONDS, max(now + RETRY_AFTER_SECONDS, until + 1))
                # the SDK's own sentences quote hosts
                reason = type(error).__name__
                if isinstance(error, ClientError):
                    reason = error.response["Error"]["Code"]
                what, level = ("unavailable", ERROR) if now > until else ("bridging", WARNING)
                note(what, level=level, reason=reason)
        if now > until:
            raise Unavailable
        return self._last

    def _key(self, now: int) -> list[str]:
        known = (key for key in self._keys if int(key[3]) + self._grace <= now)
        return next(known, self._keys[-1])

    def _sign(self, key: list[str], expires: int) -> Mapping[str, str]:
        key_pair_id, arn, algorithm, _ = key
        message = policy(self._media, expires)
        signature = self._kms.sign(
            KeyId=arn,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm=algorithm,  # type: ignore[arg-type]  # the template names one
        )["Signature"]
        values = cookie_text(message), cookie_text(signature), key_pair_id, "SHA256"
        return dict(zip(NAMES, values, strict=True))
