"""Secrets Manager and CloudFront: the stack's key ring, public keys, and key group."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.errors import Failure
from shared.key_ring import KeyRing, SigningKey
from signing_key.key_groups import KeyGroups
from signing_key.key_life import make_room, signs_from, superseded
from signing_key.key_pair import key_pair
from signing_key.public_keys import PublicKeys
from signing_key.stored_ring import StoredRing, Version


class NoKeys(Failure):
    """The secret has no key to rotate from."""

    def __init__(self) -> None:
        super().__init__("The secret has no key: create the stack again.")


@dataclass(frozen=True, kw_only=True)
class KeyStore:
    """The secret, public keys, and key group. All methods may raise a `Failure`."""

    stored_ring: StoredRing
    public_keys: PublicKeys
    key_groups: KeyGroups
    clock: Callable[[], float]
    """The current time in epoch seconds."""
    grace_seconds: int
    """How long the edge locations may need to get a new key."""

    def now(self) -> int:
        """The current time in whole epoch seconds."""
        return int(self.clock())

    def current(self) -> Version:
        """The current version of the secret.

        Raises:
            NoKeys: It has no key.
        """
        version = self.stored_ring.current()
        if version is None or not version.ring.keys:
            raise NoKeys
        return version

    def new_key(self, algorithm: str, *, signs_from: int) -> SigningKey:
        """A new key pair for `algorithm`, with its public key registered in CloudFront."""
        key = key_pair(algorithm, signs_from=signs_from)
        return replace(key, key_pair_id=self.public_keys.ensured(key))

    def with_successor(self, ring: KeyRing, algorithm: str) -> KeyRing:
        """The ring with a new key for `algorithm`, which the key group trusts from now on.

        Keys that no longer need to be trusted are removed from ring and group.

        Raises:
            TooManyKeys: There is no room; nothing was changed.
        """
        now = self.now()
        kept = make_room(ring.keys, now)
        begins = signs_from(now, grace_seconds=self.grace_seconds)
        key = self.new_key(algorithm, signs_from=begins)
        longer = replace(ring, keys=(*superseded(kept, begins), key))
        self.trust(longer)
        return longer

    def trust(self, ring: KeyRing) -> None:
        """Make the key group trust the ring's keys and no others.

        Raises:
            MissingKeyGroup: The group no longer exists.
        """
        self.key_groups.set(ring.key_pair_ids, known_id=ring.key_group_id)

    def remove_others(self, ring: KeyRing) -> None:
        """Delete the public keys of this stack that are not in the ring."""
        self.public_keys.remove_all_but(ring.key_pair_ids)
