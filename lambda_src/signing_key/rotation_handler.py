"""Secrets Manager rotation of the signing key: the four steps that create and activate a new key.

A version of the secret is written only once, so everything in the new ring must be true when it is
written: CloudFront already has and trusts the new public key. Every step can be repeated.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self, TypeGuard

from shared.errors import Failure
from shared.key_ring import KeyRing
from shared.log import note
from signing_key.key_life import check_patience, newest
from signing_key.key_pair import check_pair
from signing_key.key_store import KeyStore
from signing_key.stored_ring import Version


class NotBegun(Failure):
    """A step was called for a rotation that has no version of the secret."""

    def __init__(self) -> None:
        super().__init__("This rotation has no new key yet: createSecret must run first.")


class Overtaken(Failure):
    """The keys were changed by something else during this rotation, or it took too long."""

    def __init__(self) -> None:
        super().__init__(
            "The keys or the key group were changed by something else during this rotation, so its"
            " new key was discarded. Nothing else was changed: rotate again."
        )


class UntrustedKey(Failure):
    """The key group does not trust all keys in the secret."""

    def __init__(self) -> None:
        super().__init__(
            "The key group does not trust all keys of the new version: repeat the rotation."
        )


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The four steps. `token` is the ID of the secret's new version."""

    key_store: KeyStore

    def create_secret(self, token: str) -> None:
        """Create a new key, make CloudFront trust it, and store it as pending.

        Raises:
            TooSoon: The previous rotation's key does not sign yet; nothing was changed.
            TooManyKeys: There is no room for another key; nothing was changed.
            NoKeys: The secret has no key.
        """
        stored_ring = self.key_store.stored_ring
        if stored_ring.version(token) is not None:
            return
        current = self.key_store.current().ring
        check_patience(current.keys, self.key_store.now())
        longer = self.key_store.with_successor(current, newest(current.keys).algorithm)
        stored_ring.write_pending(longer, token)

    def set_secret(self, token: str) -> None:
        """Check that CloudFront trusts the new key in time.

        Raises:
            NotBegun: createSecret was not done.
            Overtaken: The new key is given up.
        """
        current = self.key_store.current()
        if current.id != token:
            self._ready(token, current)

    def test_secret(self, token: str) -> None:
        """Check that CloudFront can verify what the new key signs.

        Secrets Manager also tests a new schedule with this step, for a version that does not exist.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html

        Raises:
            UntrustedKey: A key is missing from the group.
            NoPair: Private key and public key are not a pair.
        """
        ring = self.key_store.stored_ring.version(token)
        if ring is None:
            note("nothing to test", reason="no such version")
            return
        check_pair(newest(ring.keys))
        if not set(ring.key_pair_ids) <= set(self.key_store.key_groups.key_ids(ring.key_group_id)):
            raise UntrustedKey

    def finish_secret(self, token: str) -> None:
        """Make the new ring current; delete public keys that no ring needs any longer.

        Raises:
            NotBegun: createSecret was not done.
            Overtaken: The new key is given up.
        """
        current = self.key_store.current()
        if current.id != token:
            ring = self._ready(token, current)
            self.key_store.stored_ring.promote(token, instead_of=current.id)
            current = Version(id=token, ring=ring)
        self.key_store.remove_others(current.ring)

    def _ready(self, token: str, current: Version) -> KeyRing:
        """The pending ring, checked to follow the current one and to be trusted."""
        ring = self.key_store.stored_ring.version(token)
        if ring is None:
            raise NotBegun
        if not (_follows(ring, current.ring) and self._is_trusted_in_time(ring)):
            self.key_store.stored_ring.give_up(token)
            raise Overtaken
        return ring

    def _is_trusted_in_time(self, ring: KeyRing) -> bool:
        """Whether the group trusts the ring's keys; adds them if there is still enough time.

        A concurrent run of the same step may have removed the new key.
        """
        if set(ring.key_pair_ids) == set(self.key_store.key_groups.key_ids(ring.key_group_id)):
            return True
        if newest(ring.keys).signs_from < self.key_store.now() + self.key_store.grace_seconds:
            return False
        self.key_store.trust(ring)
        return True


def _follows(ring: KeyRing, current: KeyRing) -> bool:
    """Whether all keys but the last are in the current ring, and include its newest."""
    older = set(ring.key_pair_ids[:-1])
    return newest(current.keys).key_pair_id in older and older <= set(current.key_pair_ids)


_STEPS: Mapping[str, Callable[[Rotation, str], None]] = MappingProxyType(
    {
        "createSecret": Rotation.create_secret,
        "setSecret": Rotation.set_secret,
        "testSecret": Rotation.test_secret,
        "finishSecret": Rotation.finish_secret,
    }
)


class UnknownStep(Failure):
    """The event is not a rotation step for this stack's secret."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a rotation."""

    name: str
    """createSecret, setSecret, testSecret or finishSecret."""
    secret_arn: str
    token: str
    """The ID of the secret's new version."""

    @classmethod
    def of(cls, event: Mapping[str, object]) -> Self:
        """The step in Secrets Manager's event.

        Raises:
            UnknownStep: It is not a valid Secrets Manager event.
        """
        name = _text(event, "Step")
        if name not in _STEPS:
            raise UnknownStep(f"Step must be one of {', '.join(_STEPS)}.")
        return cls(
            name=name,
            secret_arn=_text(event, "SecretId"),
            token=_text(event, "ClientRequestToken"),
        )

    def do(self, rotation: Rotation) -> None:
        """Perform the step.

        Raises:
            UnknownStep: It is for a secret other than the stack's.
            Failure: The step failed.
        """
        if self.secret_arn != rotation.key_store.stored_ring.secret_arn:
            raise UnknownStep("This function rotates only the stack's own secret.")
        _STEPS[self.name](rotation, self.token)


def is_step(event: object) -> TypeGuard[Mapping[str, object]]:
    """Whether `event` is a rotation step, valid or not."""
    return isinstance(event, dict) and "Step" in event


def _text(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise UnknownStep(f"{name} must be non-empty text.")
    return value
