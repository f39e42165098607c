"""Signing key source: the key ring in Secrets Manager, cached.

Viewers are not rejected during a Secrets Manager outage: the last usable key ring bridges the gap.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from cookies.signer import Signer, UnusableKey
from shared.key_ring import (
    KEPT_SECONDS,
    LONGEST_USE_SECONDS,
    InvalidKeyRing,
    KeyRing,
    NoSigningKey,
    SigningKey,
)
from shared.log import note

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

RETRY_SECONDS = 30
"""While bridging, the time between two attempts to read the secret."""

_KEPT_SIGNERS = 8


class KeysUnavailable(Exception):
    """The keys cannot be read and none are cached."""


class UnreadableAnswer(Exception):
    """Secrets Manager's answer has another shape than its API; names the field, not its value."""


@dataclass(frozen=True, kw_only=True)
class _LastRead:
    ring: KeyRing
    at: float


_UNREADABLE = (ClientError, BotoCoreError, UnreadableAnswer, InvalidKeyRing)


class KeySource:
    """Provides the current signer. `read` gets the key ring, `signer_of` loads one of its keys."""

    def __init__(
        self,
        *,
        read: Callable[[], KeyRing],
        signer_of: Callable[[SigningKey], Signer],
        clock: Callable[[], float],
    ) -> None:
        self._read = read
        self._signer_of = functools.lru_cache(maxsize=_KEPT_SIGNERS)(signer_of)
        self._clock = clock
        self._last: _LastRead | None = None
        self._read_again_at = 0.0

    def signer(self) -> Signer:
        """The signer with the current signing key.

        Raises:
            KeysUnavailable: The key ring cannot be read or used, and none is cached.
        """
        now = self._clock()
        try:
            return self._signer_of(self._ring(now).signer_at(int(now)))
        except (NoSigningKey, UnusableKey) as error:
            raise KeysUnavailable(_reason(error)) from error

    def _ring(self, now: float) -> KeyRing:
        if self._last is not None and now < self._last.at:  # the clock was ahead then
            self._last = _LastRead(ring=self._last.ring, at=now)
            self._read_again_at = now
        if self._last is not None and now < self._read_again_at:
            return self._last.ring
        try:
            ring = self._read()
            self._signer_of(ring.signer_at(int(now)))  # replaces the last ring only if it can sign
        except (*_UNREADABLE, NoSigningKey, UnusableKey) as error:
            return self._bridge(now, error)
        self._last = _LastRead(ring=ring, at=now)
        self._read_again_at = now + KEPT_SECONDS
        return ring

    def _bridge(self, now: float, error: Exception) -> KeyRing:
        if self._last is None or now >= self._last.at + LONGEST_USE_SECONDS:
            raise KeysUnavailable(_reason(error)) from error
        self._read_again_at = min(now + RETRY_SECONDS, self._last.at + LONGEST_USE_SECONDS)
        note("bridging", reason=_reason(error), seconds_since_read=int(now - self._last.at))
        return self._last.ring


def _reason(error: Exception) -> str:
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"]
    # the SDK's messages name hosts and paths, which help less than the error type
    return type(error).__name__ if isinstance(error, BotoCoreError) else str(error)


def key_ring(client: "SecretsManagerClient", secret_id: str) -> KeyRing:
    """The key ring in a secret's current version."""
    return KeyRing.from_json(secret_value(client, secret_id))


def secret_value(client: "SecretsManagerClient", secret_id: str) -> str | bytes:
    """The text or binary value of a secret's current version; `secret_id` is its ARN or name.

    Raises:
        ClientError, BotoCoreError: The secret cannot be read.
        UnreadableAnswer: The answer is not the object that Secrets Manager promises.
    """
    try:
        secret = client.get_secret_value(SecretId=secret_id)
    except (ClientError, BotoCoreError):
        raise
    # any error: the SDK reads an answer of another shape as if it had the right one
    except Exception as error:  # noqa: BLE001 - see above
        name = type(error).__name__
        raise UnreadableAnswer(f"Secrets Manager's answer is unreadable ({name}).") from None
    # a truncated response has neither, and an empty text is not a key either
    value: object = secret.get("SecretString") or secret.get("SecretBinary") or ""
    if not isinstance(value, str | bytes):
        raise UnreadableAnswer("Secrets Manager's answer has a SecretString that is not text.")
    return value
