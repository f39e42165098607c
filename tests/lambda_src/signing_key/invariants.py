"""Invariant for viewers: no edge location rejects a cookie before it expires.

Checked on the whole history of secret and key group, for every time at which a signer may have read
the secret and every edge location that gets a change within the grace period.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.key_ring import LONGEST_USE_SECONDS, KeyRing
from signing_key.key_life import LONGEST_COOKIE_SECONDS


@dataclass(frozen=True, kw_only=True)
class History:
    """States and when each began, in epoch seconds, oldest first."""

    rings: Sequence[tuple[float, KeyRing]]
    """The secret's current value."""
    groups: Sequence[tuple[float, frozenset[str]]]
    """The IDs of the keys in the key group."""
    end: float


@dataclass(frozen=True)
class _Use:
    key_pair_id: str
    begins: float
    ends: float


def violations(history: History, *, grace_seconds: float) -> list[str]:
    """Keys that sign before every edge location trusts them, or whose cookies outlive the trust.

    The very first key signs immediately, because there are no viewers yet.
    """
    first = history.rings[0][1].keys[0].key_pair_id
    found = []
    for use in _uses(history):
        begins = use.begins - (0 if use.key_pair_id == first else grace_seconds)
        ends = use.ends + LONGEST_COOKIE_SECONDS
        found += [
            f"{use.key_pair_id} signs from {use.begins:.0f} to {use.ends:.0f}, but the group does"
            f" not have it at {at:.0f}"
            for at, trusted in _between(history, begins, ends)
            if use.key_pair_id not in trusted
        ]
    return found


def _uses(history: History) -> Iterator[_Use]:
    """When a signer may sign with a key: it may have read the ring an hour ago."""
    ends = [at for at, _ in history.rings[1:]]
    for (read, ring), replaced in zip(history.rings, [*ends, history.end], strict=True):
        last = replaced + LONGEST_USE_SECONDS
        moments = sorted({read, last, *(float(k.signs_from) for k in ring.keys)})
        inside = [at for at in moments if read <= at <= last]
        for begins, following in zip(inside, [*inside[1:], last], strict=True):
            key_pair_id = ring.signer_at(int(begins)).key_pair_id
            assert key_pair_id
            yield _Use(key_pair_id, begins, following)


def _between(
    history: History, begins: float, ends: float
) -> Iterator[tuple[float, frozenset[str]]]:
    """The group's states in that period."""
    starts = [at for at, _ in history.groups]
    for (since, trusted), until in zip(history.groups, [*starts[1:], float("inf")], strict=True):
        if since < ends and until > begins:
            yield max(since, begins), trusted
    if starts[0] > begins:
        yield begins, frozenset()
