"""Revocation of all signing keys at once, for when one may be compromised."""

from contextlib import suppress
from dataclasses import replace

from shared.key_ring import KEPT_SECONDS, LONGEST_USE_SECONDS, SigningKey
from signing_key.calls import Overtaken
from signing_key.key_life import newest
from signing_key.key_store import TRIES, KeyStore
from signing_key.stored_ring import Version


def revoke(key_store: KeyStore) -> str:
    """Make a new key sign immediately and stop trusting all others; return what that means.

    A rotation in progress, even one whose version cannot be read, is discarded. It can be repeated
    after any failure.

    Raises:
        NoKeys: The secret has no key.
        Overtaken: Something else keeps changing the keys.
    """
    for _ in range(TRIES):
        with suppress(Overtaken):
            return _said(_revoked(key_store), key_store.grace_seconds)
    raise Overtaken


def _revoked(key_store: KeyStore) -> SigningKey:
    current = key_store.current()
    with key_store.leaving_nothing_after_delete():
        key = key_store.new_key(
            newest(current.ring.keys).algorithm,
            signs_from=key_store.now(),
            make_room=lambda: _make_room(key_store, current),
        )
        key_store.replaced(current, replace(current.ring, keys=(key,)))
        key_store.settle_and_remove_others(instead_of=current.id)
    return key


def _make_room(key_store: KeyStore, current: Version) -> None:
    """Delete all keys but the one that signs now: they are about to be revoked anyway.

    They first leave the current ring, so that none is due to sign after it is deleted.

    Raises:
        Overtaken: They left it, so revoke from the beginning.
    """
    ring = current.ring
    if len(ring.keys) > 1:
        signer = replace(ring.signer_at(key_store.now()), signs_until=None)
        key_store.replaced(current, replace(ring, keys=(signer,)))
        key_store.settle_and_remove_others(instead_of=current.id)
        raise Overtaken
    key_store.settle_and_remove_others()


def _said(key: SigningKey, grace_seconds: int) -> str:
    return (
        f"The key {key.key_pair_id} signs from now on, and the key group trusts no other."
        " CloudFront edge locations reject cookies from earlier keys within"
        f" {_minutes(grace_seconds)}. Viewers get 403 until their edge location has the"
        f" new key and they get new cookies, which for up to {_minutes(KEPT_SECONDS)}"
        f" ({_minutes(LONGEST_USE_SECONDS)} if Secrets Manager cannot be read) may still be signed"
        " by an earlier key."
    )


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} minutes"
