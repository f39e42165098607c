"""Secrets Manager's rotation of the viewer's signing key: a new key, in the four steps it asks for.

A version of the secret is written once, so everything that the new ring says must be true when it
is written: CloudFront has the new public key and trusts it before. Every step can be repeated.
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
    """A step was asked for whose rotation has no version of the secret."""

    def __init__(self) -> None:
        super().__init__("This rotation has no new key yet: createSecret comes first.")


class Overtaken(Failure):
    """The keys changed in other ways after this rotation began, or it took too long."""

    def __init__(self) -> None:
        super().__init__(
            "After this rotation began the keys or the key group were changed in another way, so"
            " its new key is given up. Nothing else was changed: rotate again."
        )


class UntrustedKey(Failure):
    """The key group does not trust what the secret says."""

    def __init__(self) -> None:
        super().__init__(
            "The key group does not trust all keys of the new version: repeat the rotation."
        )


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The four steps. `token` is the id of the secret's new version."""

    key_store: KeyStore

    def create_secret(self, token: str) -> None:
        """Make a new key, let CloudFront trust it, and write it down as pending.

        Raises:
            TooSoon: The last rotation's key does not sign yet; nothing was changed.
            TooManyKeys: There is no room for another; nothing was changed.
            NoKeys: There is none to follow.
        """
        stored_ring = self.key_store.stored_ring
        if stored_ring.version(token) is not None:
            return
        current = self.key_store.current().ring
        check_patience(current.keys, self.key_store.now())
        longer = self.key_store.with_successor(current, newest(current.keys).algorithm)
        stored_ring.write_pending(longer, token)

    def set_secret(self, token: str) -> None:
        """See that CloudFront trusts the new key in time.

        Raises:
            NotBegun: createSecret was not done.
            Overtaken: The new key is given up.
        """
        current = self.key_store.current()
        if current.id != token:
            self._ready(token, current)

    def test_secret(self, token: str) -> None:
        """See that the new key signs what CloudFront can check.

        Secrets Manager tests a new schedule with this step, for a version that never was.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html

        Raises:
            UntrustedKey: The group lacks a key.
            NoPair: Private and public key do not belong together.
        """
        ring = self.key_store.stored_ring.version(token)
        if ring is None:
            note("nothing to test", reason="there is no such version")
            return
        check_pair(newest(ring.keys))
        if not set(ring.key_pair_ids) <= set(self.key_store.key_groups.key_ids(ring.key_group_id)):
            raise UntrustedKey

    def finish_secret(self, token: str) -> None:
        """Let the new ring be the one that counts; remove what no ring needs any more.

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
        """The pending ring, which follows the current one and is trusted."""
        ring = self.key_store.stored_ring.version(token)
        if ring is None:
            raise NotBegun
        if not (_follows(ring, current.ring) and self._is_trusted_in_time(ring)):
            self.key_store.stored_ring.give_up(token)
            raise Overtaken
        return ring

    def _is_trusted_in_time(self, ring: KeyRing) -> bool:
        """Whether the group trusts the ring's keys; trusts them now if the edges still have time.

        A run of the same step at the same time may have taken the new key out again.
        """
        if set(ring.key_pair_ids) == set(self.key_store.key_groups.key_ids(ring.key_group_id)):
            return True
        if newest(ring.keys).signs_from < self.key_store.now() + self.key_store.grace_seconds:
            return False
        self.key_store.trust(ring)
        return True


def _follows(ring: KeyRing, current: KeyRing) -> bool:
    """Whether the ring has, but for its last key, only keys of the current one, and its newest."""
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
    """The event is no step of a rotation of this stack's secret."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of one rotation."""

    name: str
    """createSecret, setSecret, testSecret or finishSecret."""
    secret_arn: str
    token: str
    """The id of the secret's new version."""

    @classmethod
    def of(cls, event: Mapping[str, object]) -> Self:
        """The step in Secrets Manager's event.

        Raises:
            UnknownStep: It is not what Secrets Manager sends.
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
        """Do it.

        Raises:
            UnknownStep: It is about another secret than the stack's.
            Failure: It could not be done.
        """
        if self.secret_arn != rotation.key_store.stored_ring.secret_arn:
            raise UnknownStep("This function rotates the stack's own secret and no other.")
        _STEPS[self.name](rotation, self.token)


def is_step(event: object) -> TypeGuard[Mapping[str, object]]:
    """Whether `event` is a step of a rotation, however malformed."""
    return isinstance(event, dict) and "Step" in event


def _text(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise UnknownStep(f"{name} must be text that is not empty.")
    return value
