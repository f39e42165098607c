"""The life of the key pair behind the viewer's cookies: made, kept and removed with the stack.

What is to be done is written into the secret first and done then, and every step looks for what
an earlier run left: whatever run ends where it should not, the next one goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.failure import Failure
from shared.key_ring import KeyRing, SigningKey
from shared.log import note
from signing_key.key_groups import KeyGroups
from signing_key.key_pair import key_pair
from signing_key.public_keys import PublicKeys
from signing_key.stored_ring import StoredRing


class OtherAlgorithm(Failure):
    """The key that there is has another algorithm than the one asked for."""

    def __init__(self, *, present: str, wanted: str) -> None:
        super().__init__(
            f"The signing key is {present} and cannot become {wanted}, because that is a rotation,"
            f" which this version does not do yet: keep {present} or make a new stack."
        )


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """What CloudFormation can ask for. All methods may raise a `Failure`."""

    stored_ring: StoredRing
    public_keys: PublicKeys
    key_groups: KeyGroups
    clock: Callable[[], float]
    """The time, in epoch seconds."""

    def ensure(self, algorithm: str, *, request_id: str) -> str:
        """The id of the key group that trusts the ring's keys; makes whatever of it is missing.

        Raises:
            OtherAlgorithm: The newest key is not of the kind `algorithm`.
        """
        ring = self._begun(algorithm, request_id)
        present = _newest(ring).algorithm
        if present != algorithm:
            raise OtherAlgorithm(present=present, wanted=algorithm)
        ids = [self.public_keys.ensured(key) for key in ring.keys]
        group_id = self.key_groups.ensured(ids, known_id=ring.key_group_id)
        complete = _with_ids(ring, ids, group_id)
        if complete != ring:
            self.stored_ring.write(complete)
        return group_id

    def remove(self) -> None:
        """Take key group and public keys out of CloudFront; the secret belongs to the template."""
        ring = self._known()
        self.key_groups.remove_all(ring.key_group_id)
        self.public_keys.remove_all({key.key_pair_id for key in ring.keys})

    def _begun(self, algorithm: str, request_id: str) -> KeyRing:
        ring = self.stored_ring.read()
        if ring is not None and ring.keys:
            return ring
        key = key_pair(algorithm, now=int(self.clock()))
        first = KeyRing(keys=(key,), key_group_id=ring.key_group_id if ring else None)
        return self.stored_ring.begin(first, request_id=request_id)

    def _known(self) -> KeyRing:
        """The ring; an empty one when it cannot be read, for what is ours is known by name, too."""
        try:
            ring = self.stored_ring.read()
        except Failure as failure:
            note("removing by name only", reason=str(failure))
            ring = None
        return ring or KeyRing(keys=(), key_group_id=None)


def _newest(ring: KeyRing) -> SigningKey:
    return max(reversed(ring.keys), key=lambda key: key.signs_from)


def _with_ids(ring: KeyRing, key_pair_ids: list[str], key_group_id: str) -> KeyRing:
    keys = zip(ring.keys, key_pair_ids, strict=True)
    return KeyRing(
        keys=tuple(replace(key, key_pair_id=key_pair_id) for key, key_pair_id in keys),
        key_group_id=key_group_id,
    )
