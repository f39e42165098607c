"""Secrets Manager and CloudFront: the stack's key ring, public keys, and key group.

Everything that changes the keys does so in the same way: it creates the new key, makes the key
group trust it, and makes the new ring current if the ring that it has read still is. Then it makes
the group trust what is current by now (`settle`). So the group has the right keys once everybody is
done, in whatever order they ran.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from shared.errors import Failure
from shared.key_ring import KeyRing, SigningKey
from signing_key.calls import Overtaken, Refused
from signing_key.key_groups import KeyGroup, KeyGroups
from signing_key.key_life import (
    MOST_KEYS,
    follows,
    make_room,
    newest,
    resumed,
    signs_from,
    superseded,
)
from signing_key.key_pair import key_pair
from signing_key.public_keys import PublicKeys
from signing_key.stored_ring import StoredRing, Version

TRIES = 5
"""How often an act is tried again that something else keeps interfering with."""


class NoKeys(Failure):
    """The secret has no key to rotate from."""

    def __init__(self) -> None:
        super().__init__("The secret has no key: create the stack again.")


@dataclass(frozen=True, kw_only=True)
class State:
    """Versions of the secret whose keys the group trusts."""

    current: Version
    next: Version | None
    """The ring of a rotation in progress: it follows the current one, and is trusted in time."""
    spared: Version | None
    """A ring that somebody has proposed; the group does not have to trust its keys."""


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

    def current(self, *, instead_of: str | None = None) -> Version:
        """The current version of the secret; not the one that was just replaced, `instead_of`.

        Raises:
            NoKeys: It has no key.
            Overtaken: The former version is still read, or has become current again.
        """
        version = self.stored_ring.awaited(
            lambda read: not instead_of or bool(read and read.ring.keys and read.id != instead_of)
        )
        if version is None or not version.ring.keys:
            raise NoKeys
        if version.id == instead_of:
            raise Overtaken
        return version

    def is_emptied(self) -> bool:
        """Whether a Delete has emptied the ring; False if the ring cannot be read."""
        with suppress(Failure):
            current = self.stored_ring.current()
            return current is not None and not current.ring.keys
        return False

    @contextmanager
    def leaving_nothing_after_delete(self) -> Iterator[None]:
        """If the context fails because of a Delete, remove what it may have created since.

        A public key that CloudFront does not list yet can remain.
        """
        try:
            yield
        except Failure:
            if self.is_emptied():
                self.key_groups.remove_all(())
                self.public_keys.remove_all(())
            raise

    def complete(self, ring: KeyRing) -> KeyRing:
        """The ring with CloudFront's IDs; creates every key and group that CloudFront lacks."""
        ids = self.public_keys.ensured(ring.keys)
        keys = zip(ring.keys, ids, strict=True)
        return KeyRing(
            keys=tuple(replace(key, key_pair_id=key_pair_id) for key, key_pair_id in keys),
            key_group_id=self.key_groups.ensured(ids, known_id=ring.key_group_id),
        )

    def with_successor(self, ring: KeyRing, algorithm: str) -> KeyRing:
        """The ring with a new key for `algorithm`, and without keys that nobody needs any longer.

        Raises:
            TooManyKeys: There is no room; nothing was changed.
        """
        kept = make_room(ring.keys, self.now())
        begins = self._begins()
        key = self.new_key(algorithm, signs_from=begins, make_room=self.settle_and_remove_others)
        return replace(ring, keys=(*superseded(kept, begins), key))

    def with_algorithm(self, ring: KeyRing, algorithm: str) -> KeyRing:
        """The ring in which a key for `algorithm` takes over: one that it has, or a new one.

        Raises:
            TooManyKeys: It has none, and there is no room for one; nothing was changed.
        """
        keys = resumed(ring.keys, algorithm, now=self.now(), begins=self._begins())
        return replace(ring, keys=keys) if keys else self.with_successor(ring, algorithm)

    def new_key(
        self, algorithm: str, *, signs_from: int, make_room: Callable[[], None]
    ) -> SigningKey:
        """A new key pair for `algorithm`, with its public key registered in CloudFront.

        `make_room` is called if the account has as many public keys as it may have.
        """
        key = key_pair(algorithm, signs_from=signs_from)
        try:
            key_pair_id = self.public_keys.created(key)
        except Refused as refusal:
            if refusal.code != "TooManyPublicKeys":
                raise
            make_room()
            key_pair_id = self.public_keys.created(key)
        return replace(key, key_pair_id=key_pair_id)

    def replaced(self, current: Version, ring: KeyRing) -> Version:
        """Make `ring` current instead of `current`.

        While it is pending, nothing deletes a new key that the group does not have yet.

        Raises:
            Overtaken: `current` is no longer current.
        """
        version_id = str(uuid.uuid4())
        try:
            self.stored_ring.propose(ring, version_id)
            self.trust_also(ring)
            self.stored_ring.promote(version_id, instead_of=current.id)
        except Failure:
            with suppress(Failure):
                self.stored_ring.give_up(version_id)
            raise
        # left on an older version later, the label would stop rotations
        with suppress(Failure):
            self.stored_ring.give_up(version_id)
        return Version(id=version_id, ring=ring, is_pending=False, replaces=current.id)

    def trust_also(self, ring: KeyRing) -> None:
        """Make the group trust the ring's keys, too; if it is full, instead of others.

        Raises:
            MissingKeyGroup: The group does not exist.
            Overtaken: Something else keeps changing the group.
        """
        for _ in range(TRIES):
            group = self.key_groups.read(ring.key_group_id)
            missing = set(ring.key_pair_ids) - set(group.key_ids)
            wanted = [*dict.fromkeys([*ring.key_pair_ids, *reversed(group.key_ids)])][:MOST_KEYS]
            if not missing or self.key_groups.change(group, wanted):
                return
        raise Overtaken

    def settle(self, *, instead_of: str | None = None) -> State:
        """Make the group trust exactly the current keys, or those of a rotation in progress.

        `instead_of` is the ID of the version that was just replaced, if one was.

        Raises:
            NoKeys: The secret has no key.
            MissingKeyGroup: The group does not exist.
            Overtaken: Something else keeps changing secret or group.
        """
        unknown = ""
        for _ in range(TRIES):
            current = self.current(instead_of=instead_of)
            group = self.key_groups.read(current.ring.key_group_id)
            # no other version is pending while the current one is
            proposed = None if current.is_pending else self.stored_ring.pending()
            pending = self._in_progress(proposed, current, group)
            if pending and pending.id == unknown:
                pending = None
            wanted = (pending or current).ring.key_pair_ids
            if set(wanted) == set(group.key_ids):
                return State(current=current, next=pending, spared=proposed)
            try:
                self.key_groups.change(group, wanted)
            except Overtaken:
                if pending is None:
                    raise
                unknown = pending.id
        raise Overtaken

    def settle_and_remove_others(self, *, instead_of: str | None = None) -> None:
        """Settle the group, and then delete this stack's public keys that no ring has."""
        state = self.settle(instead_of=instead_of)
        rings = [version.ring for version in (state.current, state.spared) if version]
        self.public_keys.remove_all_but([one for ring in rings for one in ring.key_pair_ids])

    def _begins(self) -> int:
        return signs_from(self.now(), grace_seconds=self.grace_seconds)

    def _in_progress(
        self, proposed: Version | None, current: Version, group: KeyGroup
    ) -> Version | None:
        """The proposed version, if it may become current without rejecting viewers.

        It may not once its new key should sign already: until the old key's `signs_until` in it,
        the old key signs, but then goes on, because that ring is not current.
        """
        if proposed is None or not proposed.ring.keys or not follows(proposed.ring, current.ring):
            return None
        begins = newest(proposed.ring.keys).signs_from
        is_trusted = set(proposed.ring.key_pair_ids) <= set(group.key_ids) and begins >= self.now()
        is_in_time = begins >= self.now() + self.grace_seconds
        return proposed if is_trusted or is_in_time else None
