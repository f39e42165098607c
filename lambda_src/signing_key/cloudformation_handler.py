"""CloudFormation custom resource for the signing key: create, update or delete the keys.

If an invocation is interrupted, the next one continues from there: every step looks for what an
earlier one left.
"""

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from shared.errors import Failure
from shared.inline_custom_resource import Event
from shared.key_ring import KeyRing
from shared.log import note
from signing_key.calls import Overtaken
from signing_key.key_life import newest
from signing_key.key_pair import key_pair
from signing_key.key_store import TRIES, KeyStore
from signing_key.stored_ring import Version

PHYSICAL_ID = "signing-keys"
"""The physical ID of a new resource, whether it could be created or not.

A Delete finds everything through the secret and by name. So no request changes the physical ID: for
another one, CloudFormation would send a Delete for the former, which would remove everything.
"""

_NO_KEYS = KeyRing(keys=(), key_group_id=None)


class Deleted(Failure):
    """CloudFormation has meanwhile deleted the resource that is being created."""

    def __init__(self) -> None:
        super().__init__(
            "CloudFormation deleted the key pair while it was being created, so nothing was kept."
        )


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """The operations that CloudFormation can request. All methods may raise a `Failure`."""

    key_store: KeyStore

    def ensure(self, algorithm: str, *, request_id: str) -> str:
        """The ID of the key group that trusts the ring's keys; creates any part that is missing.

        If the newest key does not use `algorithm`, a key that does takes over later.

        Raises:
            TooManyKeys: The algorithm changed and the key group has no room for another key.
            Deleted: A Delete came while the keys were being created.
            Overtaken: Something else keeps changing the keys.
        """
        current = self._begun(algorithm, request_id)
        for _ in range(TRIES):
            with suppress(Overtaken):
                current = self._completed(current)
                with self.key_store.leaving_nothing_after_delete():
                    current = self._changed(current, algorithm)
                if newest(current.ring.keys).algorithm == algorithm:
                    return current.ring.key_group_id or ""
            current = self._still_there()
        raise Overtaken

    def remove(self, *also: KeyRing) -> None:
        """Delete the key group and public keys; the secret belongs to the template.

        The ring becomes empty, so that a Create that is still running knows that it is too late. If
        the secret cannot be read or written, our resources can still be found by name.
        """
        known = list(also)
        for _ in range(TRIES):
            try:
                current = self.key_store.stored_ring.current()
                known += self._rings_in_cloudfront(current)
                is_readable = True
            except Failure as failure:
                note("removing by name only", reason=str(failure))
                is_readable = False
            self.key_store.key_groups.remove_all({ring.key_group_id for ring in known})
            if not is_readable or self._try_to_empty(current):
                break
        self.key_store.public_keys.remove_all(key for ring in known for key in ring.keys)

    def _begun(self, algorithm: str, request_id: str) -> Version:
        """The current version; if the secret has no key, one with a first key.

        Lambda may run an event twice concurrently. The version ID is derived from the request ID,
        and a version is written only once: the later run gets the earlier one's ring.
        """
        stored_ring = self.key_store.stored_ring
        empty = stored_ring.current()
        if empty is not None and empty.ring.keys:
            return empty
        # there are no viewers yet: the first key signs immediately
        key = key_pair(algorithm, signs_from=self.key_store.now())
        first = KeyRing(keys=(key,), key_group_id=empty.ring.key_group_id if empty else None)
        version_id = hashlib.sha256(request_id.encode()).hexdigest()
        is_new = stored_ring.propose(first, version_id)
        # if it is not, a Delete may have emptied the ring since the first run of this request
        if is_new and empty is not None:
            stored_ring.promote(version_id, instead_of=empty.id)
        # what was just written may not be read yet
        begun = Version(id=version_id, ring=first, is_pending=True)
        return begun if is_new else self._still_there()

    def _completed(self, current: Version) -> Version:
        """The same with everything that CloudFront lacks."""
        ring = current.ring
        try:
            ring = self.key_store.complete(current.ring)
            return current if ring == current.ring else self.key_store.replaced(current, ring)
        except Failure:
            if not self.key_store.is_emptied():
                raise
            self.remove(ring)
            raise Deleted from None

    def _changed(self, current: Version, algorithm: str) -> Version:
        """The version that is current in the end, in which a key for `algorithm` should be newest.

        Something else may have changed the keys again.
        """
        if newest(current.ring.keys).algorithm == algorithm:
            return self._unchanged(current, algorithm)
        ring = self.key_store.with_algorithm(current.ring, algorithm)
        self.key_store.replaced(current, ring)
        state = self.key_store.settle(instead_of=current.id)
        self.key_store.settle_and_remove_others(instead_of=current.id)
        return state.current

    def _unchanged(self, current: Version, algorithm: str) -> Version:
        """The current version, once no other with another algorithm can become current.

        A change of the algorithm that failed and is rolled back may have left one that is pending,
        which the next rotation would continue.
        """
        state = self.key_store.settle(instead_of=current.replaces)
        left = state.spared
        if left and left.ring.keys and newest(left.ring.keys).algorithm != algorithm:
            self.key_store.stored_ring.give_up(left.id)
            state = self.key_store.settle(instead_of=current.replaces)
        return state.current

    def _still_there(self) -> Version:
        current = self.key_store.stored_ring.awaited(lambda read: bool(read and read.ring.keys))
        if current is None or not current.ring.keys:
            raise Deleted
        return current

    def _rings_in_cloudfront(self, current: Version | None) -> list[KeyRing]:
        """The rings whose keys may be in CloudFront, as far as the secret shows."""
        stored_ring = self.key_store.stored_ring
        other = None
        if current and not current.ring.keys:
            other = stored_ring.previous()  # an earlier Delete has emptied the ring
        elif current and not current.is_pending:
            other = stored_ring.pending()
        return [version.ring for version in (current, other) if version]

    def _try_to_empty(self, current: Version | None) -> bool:
        """Empty the ring; False if something else has changed it since `current` was read.

        A ring that cannot be written does not keep the Delete from succeeding, so that is True.
        """
        if current and not current.ring.keys:
            return True
        version_id = str(uuid.uuid4())
        try:
            self.key_store.stored_ring.propose(_NO_KEYS, version_id)
            if current is None:
                return False
            self.key_store.stored_ring.promote(version_id, instead_of=current.id)
        except Overtaken:
            return False
        except Failure as failure:
            note("ring not emptied", reason=str(failure))
        return True


def handle_request(event: Event, lifecycle: Lifecycle) -> tuple[str, Mapping[str, str]]:
    """Perform a custom resource request; return the reason and the attributes for Fn::GetAtt.

    Raises:
        Failure: The request failed.
    """
    if event["RequestType"] == "Delete":
        lifecycle.remove()
        return "The key group and public keys of this stack were removed from CloudFront.", {}
    group_id = lifecycle.ensure(
        event["ResourceProperties"]["Algorithm"], request_id=event["RequestId"]
    )
    return f"The key group {group_id} trusts the signing key.", {"KeyGroupId": group_id}
