"""Revocation: every key behind the cookies is given up at once; one may be known to others."""

from dataclasses import replace

from shared.key_ring import KEPT_SECONDS, LONGEST_USE_SECONDS
from signing_key.key_life import newest
from signing_key.key_store import KeyStore


def revoke(key_store: KeyStore) -> str:
    """Let a new key sign at once and no other be trusted; what that means, in words.

    It can be repeated after whatever failure.

    Raises:
        NoKeys: The secret has none.
    """
    current = key_store.current()
    key_store.stored_ring.give_up_pending(unless=current.id)
    key = key_store.new_key(newest(current.ring.keys).algorithm, signs_from=key_store.now())
    ring = replace(current.ring, keys=(key,))
    # the ring first: a key that is not trusted any more must not sign
    key_store.stored_ring.write(ring)
    key_store.trust(ring)
    key_store.remove_others(ring)
    return (
        f"The key {key.key_pair_id} signs from now on, and the key group trusts no other."
        " CloudFront's edges refuse cookies of earlier keys within"
        f" {_minutes(key_store.grace_seconds)}. Viewers are refused until their edge knows the new"
        f" key and they get new cookies, which for up to {_minutes(KEPT_SECONDS)} (where Secrets"
        f" Manager cannot be read, {_minutes(LONGEST_USE_SECONDS)}) may still be of an earlier key."
    )


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} minutes"
