"""Secrets Manager and CloudFront: where the stack keeps key ring, public keys and key group."""

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
    """The secret has no key that another could follow."""

    def __init__(self) -> None:
        super().__init__("The secret has no key to follow: create the stack anew.")


@dataclass(frozen=True, kw_only=True)
class KeyStore:
    """Where each part is kept. All methods may raise a `Failure`."""

    stored_ring: StoredRing
    public_keys: PublicKeys
    key_groups: KeyGroups
    clock: Callable[[], float]
    """The time, in epoch seconds."""
    grace_seconds: int
    """How long the edges may need to learn of a new key."""

    def now(self) -> int:
        """Whole epoch seconds."""
        return int(self.clock())

    def current(self) -> Version:
        """The version of the secret that counts.

        Raises:
            NoKeys: It has no key.
        """
        version = self.stored_ring.current()
        if version is None or not version.ring.keys:
            raise NoKeys
        return version

    def new_key(self, algorithm: str, *, signs_from: int) -> SigningKey:
        """A new pair of that kind, whose public half CloudFront has."""
        key = key_pair(algorithm, signs_from=signs_from)
        return replace(key, key_pair_id=self.public_keys.ensured(key))

    def with_successor(self, ring: KeyRing, algorithm: str) -> KeyRing:
        """The ring with a new key of that kind, which the key group trusts from now on.

        Keys that need not be trusted any more are out of ring and group.

        Raises:
            TooManyKeys: There is no room; nothing is changed.
        """
        now = self.now()
        kept = make_room(ring.keys, now)
        begins = signs_from(now, grace_seconds=self.grace_seconds)
        key = self.new_key(algorithm, signs_from=begins)
        longer = replace(ring, keys=(*superseded(kept, begins), key))
        self.trust(longer)
        return longer

    def trust(self, ring: KeyRing) -> None:
        """Let the key group trust the ring's keys and no others.

        Raises:
            MissingKeyGroup: There is no such group any more.
        """
        self.key_groups.set(ring.key_pair_ids, known_id=ring.key_group_id)

    def remove_others(self, ring: KeyRing) -> None:
        """Remove the public keys of this stack that are not the ring's."""
        self.public_keys.remove_all_but(ring.key_pair_ids)
