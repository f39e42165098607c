"""When a key signs the viewer's cookies, and how long CloudFront must go on trusting it.

Keys overlap by time. A key signs only when every edge has had the time to learn of it, and it is
trusted until the last cookie that it can have signed has expired. All times are epoch seconds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.errors import Failure
from shared.key_ring import LONGEST_USE_SECONDS, SigningKey

MOST_KEYS = 5
"""Public keys of a key group.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
"""

RUN_SECONDS = 600
"""The function's timeout: from when a new key is made, the edges hear of it within that time."""

# The longest that stream.toml allows: a day, and expiries rounded up by an hour. Not the cookies'
# life of this moment, for cookies of a longer one may still be out.
LONGEST_COOKIE_SECONDS = (24 + 1) * 3600

TRUSTED_SECONDS = LONGEST_USE_SECONDS + LONGEST_COOKIE_SECONDS + 300
"""How long a key is trusted after `signs_until`.

A function that cannot read the secret signs with what it read before, and clocks differ by less
than the last five minutes.
"""


class TooSoon(Failure):
    """The newest key does not sign yet."""

    def __init__(self, newest: SigningKey) -> None:
        super().__init__(
            f"The newest key {newest.key_pair_id} does not sign yet, and nothing was changed."
            f" Rotate again from {_in_words(newest.signs_from)} on."
        )


class TooManyKeys(Failure):
    """A new key would be one more than CloudFront takes, and the oldest is still needed."""

    def __init__(self, oldest: SigningKey) -> None:
        until = _trusted_until(oldest)
        super().__init__(
            f"The key group is full: {MOST_KEYS} keys, and cookies of the oldest,"
            f" {oldest.key_pair_id}, may still be out. Nothing was changed. Rotate again from"
            f" {_in_words(until)} on, or revoke all keys."
        )


def signs_from(now: int, *, grace_seconds: int) -> int:
    """When a key that is made now may sign: after the longest run and the edges' time to learn."""
    return now + RUN_SECONDS + grace_seconds


def newest(keys: Sequence[SigningKey]) -> SigningKey:
    """The key that signs last; of two with the same time the later one in the ring."""
    return max(reversed(keys), key=lambda key: key.signs_from)


def check_patience(keys: Sequence[SigningKey], now: int) -> None:
    """Look whether a rotation may begin.

    Raises:
        TooSoon: The last one's key does not sign yet.
    """
    last = newest(keys)
    if now < last.signs_from:
        raise TooSoon(last)


def make_room(keys: Sequence[SigningKey], now: int) -> tuple[SigningKey, ...]:
    """The keys that must stay trusted, room left for a new one.

    Raises:
        TooManyKeys: There is no room.
    """
    kept = tuple(key for key in keys if now < _trusted_until(key))
    if len(kept) >= MOST_KEYS:
        raise TooManyKeys(min(kept, key=_trusted_until))
    return kept


def superseded(keys: Sequence[SigningKey], at: int) -> tuple[SigningKey, ...]:
    """The keys when a newer one signs from `at` on."""
    return tuple(replace(key, signs_until=at) if key.signs_until is None else key for key in keys)


def _trusted_until(key: SigningKey) -> float:
    return float("inf") if key.signs_until is None else key.signs_until + TRUSTED_SECONDS


def _in_words(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
