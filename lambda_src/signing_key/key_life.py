"""Signing key lifetime: when a key signs cookies, and how long CloudFront must trust it.

Keys overlap. A key signs only after every edge location has had time to get it, and it is trusted
until the last cookie that it can have signed has expired. All times are epoch seconds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.errors import Failure
from shared.key_ring import LONGEST_USE_SECONDS, KeyRing, SigningKey

MOST_KEYS = 5
"""Most public keys in a key group.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
"""

RUN_SECONDS = 600
"""The function's timeout: a new key is sent to the edge locations within this time."""

# The longest that stream.toml allows: a day, plus an hour of rounding. Not the current cookie
# lifetime, because cookies with a longer one may still be valid.
LONGEST_COOKIE_SECONDS = (24 + 1) * 3600

TRUSTED_SECONDS = LONGEST_USE_SECONDS + LONGEST_COOKIE_SECONDS + 300
"""How long a key is trusted after `signs_until`.

A function that cannot read the secret signs with the last ring that it read. The last five minutes
cover clock differences.
"""


class TooSoon(Failure):
    """The newest key does not sign yet."""

    def __init__(self, newest: SigningKey) -> None:
        super().__init__(
            f"The newest key {newest.key_pair_id} does not sign yet. Nothing was changed."
            f" Rotate again after {_in_words(newest.signs_from)}."
        )


class TooManyKeys(Failure):
    """A new key would exceed CloudFront's limit, and the oldest is still needed."""

    def __init__(self, oldest: SigningKey) -> None:
        until = _trusted_until(oldest)
        super().__init__(
            f"The key group is full ({MOST_KEYS} keys), and cookies signed by the oldest key,"
            f" {oldest.key_pair_id}, may still be valid. Nothing was changed. Rotate again after"
            f" {_in_words(until)}, or revoke all keys."
        )


def signs_from(now: int, *, grace_seconds: int) -> int:
    """When a key created now may sign: after the function's timeout and the grace period."""
    return now + RUN_SECONDS + grace_seconds


def newest(keys: Sequence[SigningKey]) -> SigningKey:
    """The key that signs last; of two with the same time, the later one in the ring."""
    return max(reversed(keys), key=lambda key: key.signs_from)


def check_patience(keys: Sequence[SigningKey], now: int) -> None:
    """Check whether a rotation may start.

    Raises:
        TooSoon: The previous rotation's key does not sign yet.
    """
    last = newest(keys)
    if now < last.signs_from:
        raise TooSoon(last)


def make_room(keys: Sequence[SigningKey], now: int) -> tuple[SigningKey, ...]:
    """The keys that must stay trusted, with room for a new one.

    Raises:
        TooManyKeys: There is no room.
    """
    kept = tuple(key for key in keys if now < _trusted_until(key))
    if len(kept) >= MOST_KEYS:
        raise TooManyKeys(min(kept, key=_trusted_until))
    return kept


def superseded(keys: Sequence[SigningKey], at: int) -> tuple[SigningKey, ...]:
    """The keys, superseded by a newer one that signs from `at` on."""
    return tuple(replace(key, signs_until=at) if key.signs_until is None else key for key in keys)


def resumed(
    keys: Sequence[SigningKey], algorithm: str, *, now: int, begins: int
) -> tuple[SigningKey, ...] | None:
    """The keys, so that the newest with `algorithm` takes over; None if none of them has it.

    If it signs now, it simply keeps signing. Otherwise, the key that signs now does so until
    `begins`, when it takes over. Other keys whose turn is still to come never sign. They stay
    trusted, because a function that cannot read the secret again may still use them.
    """
    alike = [key for key in keys if key.algorithm == algorithm]
    if not alike:
        return None
    chosen = newest(alike)
    signer = newest([key for key in keys if key.signs_from <= now] or keys)
    others = [key for key in keys if key not in (chosen, signer)]
    # before the signer in the ring: see _never_signing
    before = [_never_signing(key, signer, now) for key in others]
    if signer is chosen:
        return (*before, replace(chosen, signs_until=None))
    return (
        *before,
        replace(signer, signs_until=begins),
        replace(chosen, signs_from=begins, signs_until=None),
    )


def _never_signing(key: SigningKey, signer: SigningKey, now: int) -> SigningKey:
    """The key without its turn, if that is still to come.

    It gets the `signs_from` of the `signer`. Of two keys with the same time, the later one in the
    ring signs (`KeyRing.signer_at`, `newest`), so it must be placed before the signer. It is
    trusted until the cookies have expired that a function could sign with it that still uses the
    former ring.
    """
    if key.signs_from <= now:
        return key
    return replace(key, signs_from=signer.signs_from, signs_until=key.signs_from)


def follows(ring: KeyRing, current: KeyRing) -> bool:
    """Whether all keys but the last are in the current ring, and include its newest.

    Their IDs may differ, if the public keys had to be created again.
    """
    older = {key.public_key for key in ring.keys[:-1]}
    return newest(current.keys).public_key in older and older <= {
        key.public_key for key in current.keys
    }


def _trusted_until(key: SigningKey) -> float:
    return float("inf") if key.signs_until is None else key.signs_until + TRUSTED_SECONDS


def _in_words(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
