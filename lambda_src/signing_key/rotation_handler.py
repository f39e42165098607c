"""Secrets Manager rotation of the signing key: the four steps that create and activate a new key.

Secrets Manager labels an empty version AWSPENDING before the first step, and starts no other
rotation as long as that label is on a version that is not current. Every step can be repeated.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeGuard

from shared.errors import Failure
from shared.key_ring import KeyRing
from shared.log import note
from signing_key.calls import Overtaken
from signing_key.key_groups import MissingKeyGroup
from signing_key.key_life import check_patience, make_room, newest
from signing_key.key_pair import check_pair
from signing_key.key_store import KeyStore, State
from signing_key.stored_ring import UnreadableRing, Version


class NotBegun(Failure):
    """A step was called for a rotation that has no version of the secret."""

    def __init__(self) -> None:
        super().__init__("This rotation has no new key yet: createSecret must run first.")


class UntrustedKey(Failure):
    """The key group does not trust all keys in the secret."""

    def __init__(self) -> None:
        super().__init__(
            "The key group does not trust all keys of the new version: repeat the rotation."
        )


class UnknownStep(Failure):
    """The event is not a rotation step for this stack's secret."""


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The four steps. `token` is the ID of the secret's new version."""

    key_store: KeyStore

    def create_secret(self, token: str) -> None:
        """Create a new key, store it as pending, and make CloudFront trust it.

        If it fails before the new version is written, another rotation can start. Afterward, a
        failed call leaves the version pending, so that this rotation can be continued.

        Raises:
            TooSoon: The previous rotation's key does not sign yet; nothing was changed.
            TooManyKeys: There is no room for another key; nothing was changed.
            NoKeys: The secret has no key.
            Overtaken: The new key is given up.
        """
        try:
            if self._version(token) is None:
                ring = self.key_store.current().ring
                with self.key_store.leaving_nothing_after_delete():
                    self._propose(token, ring)
        except Failure:
            with suppress(Failure):
                # a concurrent run of this step may have succeeded
                if self._version(token) is None:
                    self.key_store.stored_ring.give_up(token)
            raise
        with self.key_store.leaving_nothing_after_delete():
            self._settle(token)

    def set_secret(self, token: str) -> None:
        """Check that CloudFront trusts the new key in time.

        Raises:
            NotBegun: createSecret was not done.
            Overtaken: The new key is given up.
        """
        self._settle(token)

    def test_secret(self, token: str) -> None:
        """Check that CloudFront can verify what the new key signs.

        Secrets Manager also tests a new schedule with this step, for a version that does not exist.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html

        Raises:
            UntrustedKey: A key is missing from the group.
            NoPair: Private key and public key are not a pair.
        """
        version = self._version(token)
        if version is None:
            note("nothing to test", reason="no such version")
            return
        check_pair(newest(version.ring.keys))
        group = self.key_store.key_groups.read(version.ring.key_group_id)
        if not set(version.ring.key_pair_ids) <= set(group.key_ids):
            raise UntrustedKey

    def finish_secret(self, token: str) -> None:
        """Make the new ring current; delete public keys that no ring needs any longer.

        Raises:
            NotBegun: createSecret was not done.
            Overtaken: The new key is given up.
        """
        former = self._settle(token).current.id
        if former == token:
            self.key_store.settle_and_remove_others()
            return
        try:
            self.key_store.stored_ring.promote(token, instead_of=former)
        except Overtaken:
            self._discard(token)
            raise
        self.key_store.settle_and_remove_others(instead_of=former)

    def _propose(self, token: str, ring: KeyRing) -> None:
        """Write the current ring with a new key as the pending version."""
        store = self.key_store
        check_patience(ring.keys, store.now())
        kept = make_room(ring.keys, store.now())
        complete = store.complete(replace(ring, keys=kept))
        longer = store.with_successor(complete, newest(kept).algorithm)
        # before it is written, so that a run that is cut off here can be continued at any time
        store.trust_also(longer)
        is_ours = store.stored_ring.propose(longer, token)
        # a concurrent run of this step may have written another ring: that one counts
        if not is_ours and store.stored_ring.version(token) is None:
            raise Overtaken

    def _settle(self, token: str) -> State:
        """Make the group trust the new ring, which may become current or is; return the state.

        The version is given up if it cannot become current, or if the group cannot be changed: only
        createSecret, for another version, restores the group and the public keys.
        """
        try:
            state = self.key_store.settle()
        except (MissingKeyGroup, Overtaken):
            with suppress(Failure):
                self.key_store.stored_ring.give_up(token)
            raise
        if token in (state.current.id, state.next and state.next.id):
            return state
        if self._version(token) is None:
            raise NotBegun
        self._discard(token)
        raise Overtaken

    def _version(self, token: str) -> Version | None:
        """The version of this rotation, which is given up if its value is not a key ring."""
        try:
            return self.key_store.stored_ring.version(token)
        except UnreadableRing:
            with suppress(Failure):
                self.key_store.stored_ring.give_up(token)
            raise

    def _discard(self, token: str) -> None:
        self.key_store.stored_ring.give_up(token)
        self.key_store.settle()


_STEPS: Mapping[str, Callable[[Rotation, str], None]] = MappingProxyType(
    {
        "createSecret": Rotation.create_secret,
        "setSecret": Rotation.set_secret,
        "testSecret": Rotation.test_secret,
        "finishSecret": Rotation.finish_secret,
    }
)


def is_step(event: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether `event` is a rotation step."""
    return isinstance(event, dict) and "Step" in event


def rotate(event: Mapping[str, Any], key_store: KeyStore) -> None:
    """Perform the step in Secrets Manager's event.

    Raises:
        UnknownStep: It is not a step for the stack's secret.
        Failure: The step failed.
    """
    step = _STEPS.get(event["Step"])
    if step is None or event["SecretId"] != key_store.stored_ring.secret_arn:
        raise UnknownStep(
            f"This function rotates only the stack's own secret, in the steps {', '.join(_STEPS)}."
        )
    step(Rotation(key_store=key_store), event["ClientRequestToken"])
