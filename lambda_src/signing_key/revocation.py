"""Revocation of all signing keys at once, for when one may be compromised."""

from dataclasses import replace

from shared.key_ring import KEPT_SECONDS, LONGEST_USE_SECONDS
from signing_key.key_life import newest
from signing_key.key_store import KeyStore


def revoke(key_store: KeyStore) -> str:
    """Make a new key sign immediately and stop trusting all others; return what that means.

    It can be repeated after any failure.

    Raises:
        NoKeys: The secret has no key.
    """
    current = key_store.current()
    key_store.stored_ring.give_up_pending(unless=current.id)
    key = key_store.new_key(newest(current.ring.keys).algorithm, signs_from=key_store.now())
    ring = replace(current.ring, keys=(key,))
    # the ring first: a key that is no longer trusted must not sign
    key_store.stored_ring.write(ring)
    key_store.trust(ring)
    key_store.remove_others(ring)
    return (
        f"The key {key.key_pair_id} signs from now on, and the key group trusts no other."
        " CloudFront edge locations reject cookies from earlier keys within"
        f" {_minutes(key_store.grace_seconds)}. Viewers get 403 until their edge location has the"
        f" new key and they get new cookies, which for up to {_minutes(KEPT_SECONDS)}"
        f" ({_minutes(LONGEST_USE_SECONDS)} if Secrets Manager cannot be read) may still be signed"
        " by an earlier key."
    )


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} minutes"
