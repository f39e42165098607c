"""Giving up every key behind the viewer's cookies at once, because one may be known to others."""

from dataclasses import replace

from signing_key.holdings import Holdings
from signing_key.key_life import newest
from signing_key.rotation import NothingToRotate


def revoke(holdings: Holdings) -> str:
    """Let a new key sign at once and no other be trusted; what that means, in words.

    It can be repeated after whatever failure.

    Raises:
        NothingToRotate: The secret has no key.
    """
    current = holdings.stored_ring.current()
    if current is None or not current.ring.keys:
        raise NothingToRotate
    holdings.stored_ring.give_up_pending(unless=current.id)
    key = holdings.new_key(newest(current.ring.keys).algorithm, signs_from=holdings.now())
    ring = replace(current.ring, keys=(key,))
    # the ring first: a key that is not trusted any more must not sign
    holdings.stored_ring.write(ring)
    holdings.trust(ring)
    holdings.remove_others(ring)
    minutes = -(-holdings.grace_seconds // 60)
    return (
        f"The key {key.key_pair_id} signs from now on, and the key group trusts no other."
        f" CloudFront's edges refuse cookies of earlier keys within {minutes} minutes. Viewers are"
        " refused until they get new cookies, which for up to 5 minutes may still be of an earlier"
        " key, and until their edge knows the new one."
    )
