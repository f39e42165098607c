"""CloudFormation custom resource for the signing key: create, update or delete, and respond.

If an invocation is interrupted, the next one continues from there: every step looks for what an
earlier one left.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from shared.errors import Failure
from shared.key_ring import ALGORITHMS, KeyRing
from shared.log import note
from signing_key.calls import Overtaken
from signing_key.custom_resource import Answer, MalformedRequest, Request, Sender, deliver
from signing_key.key_life import newest
from signing_key.key_pair import key_pair
from signing_key.key_store import TRIES, KeyStore
from signing_key.stored_ring import Version

PLACEHOLDER = "no-key-group-yet"
"""The physical ID of a resource that could not be created."""


def serve(
    event: Mapping[str, object],
    act: Callable[[Request, Sender], Answer],
    *,
    placeholder: str,
    sleep: Callable[[float], None],
) -> None:
    """Handle the request in `event` and respond to CloudFormation; a `Failure` becomes FAILED.

    Args:
        event: the Lambda event (`signing_key.custom_resource.is_request`).
        act: performs the request.
        placeholder: the physical ID of a resource that could not be created.
        sleep: waits for the given number of seconds.

    Raises:
        UnanswerableRequest: The request has no usable ResponseURL.
        UndeliveredAnswer: CloudFormation did not accept the response.
    """
    sender = Sender.of(event, placeholder=placeholder)
    try:
        result = act(Request.of(event), sender)
    except Failure as failure:
        result = Answer(status="FAILED", reason=str(failure), physical_id=sender.physical_id)
    level = logging.INFO if result.status == "SUCCESS" else logging.ERROR
    note("answering", level=level, status=result.status, reason=result.reason)
    deliver(sender.letter(result), sender.response_url, sleep=sleep)


class OtherStack(Failure):
    """The request is for another stack; anyone who may invoke the function can make one up."""

    def __init__(self) -> None:
        super().__init__("This function handles requests of its own stack only: nothing was done.")


def check_stack(sender: Sender, stack_id: str) -> None:
    """Check that a request comes from the stack with this ARN.

    Raises:
        OtherStack: It does not.
    """
    if sender.echo["StackId"] != stack_id:
        raise OtherStack


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
                current = self._changed(self._completed(current), algorithm)
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
                known += self._known(current)
                is_readable = True
            except Failure as failure:
                note("removing by name only", reason=str(failure))
                is_readable = False
            self.key_store.key_groups.remove_all({ring.key_group_id for ring in known})
            if not is_readable or self._empty(current):
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
        return self._still_there()

    def _completed(self, current: Version) -> Version:
        """The same with everything that CloudFront lacks."""
        ring = current.ring
        try:
            ring = self.key_store.complete(current.ring)
            return current if ring == current.ring else self.key_store.replaced(current, ring)
        except Failure:
            if not self._is_deleted():
                raise
            self.remove(ring)
            raise Deleted from None

    def _changed(self, current: Version, algorithm: str) -> Version:
        """The version that is current in the end, in which a key for `algorithm` should be newest.

        Something else may have changed the keys again.
        """
        if newest(current.ring.keys).algorithm == algorithm:
            return self.key_store.settle().current
        ring = self.key_store.with_algorithm(current.ring, algorithm)
        self.key_store.replaced(current, ring)
        state = self.key_store.settle()
        self.key_store.remove_others()
        return state.current

    def _still_there(self) -> Version:
        current = self.key_store.stored_ring.current()
        if current is None or not current.ring.keys:
            raise Deleted
        return current

    def _is_deleted(self) -> bool:
        with suppress(Failure):
            current = self.key_store.stored_ring.current()
            return current is not None and not current.ring.keys
        return False

    def _known(self, current: Version | None) -> list[KeyRing]:
        """The rings whose keys may be in CloudFront."""
        stored_ring = self.key_store.stored_ring
        other = None
        if current and not current.ring.keys:
            other = stored_ring.previous()  # an earlier Delete has emptied the ring
        elif current and not current.is_pending:
            other = stored_ring.pending()
        return [version.ring for version in (current, other) if version]

    def _empty(self, current: Version | None) -> bool:
        """Make the ring empty instead of `current`; False if it has to be read again before."""
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


def handle_request(request: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    """Perform the request and return the response.

    Raises:
        Failure: The request failed.
    """
    return _ACTS[request.type](request, sender, lifecycle)


def _created(request: Request, _: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(_algorithm(request), request_id=request.id)
    return _trusting(group_id, physical_id=group_id)


def _updated(request: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(_algorithm(request), request_id=request.id)
    # even if the group had to be recreated: for a new ID, CloudFormation would send a Delete for
    # the old one, which would remove all our resources
    return _trusting(group_id, physical_id=sender.physical_id)


def _deleted(_: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    lifecycle.remove()
    return Answer(
        status="SUCCESS",
        reason="The key group and public keys of this stack were removed from CloudFront.",
        physical_id=sender.physical_id,
    )


def _trusting(group_id: str, *, physical_id: str) -> Answer:
    return Answer(
        status="SUCCESS",
        reason=f"The key group {group_id} trusts the signing key.",
        physical_id=physical_id,
        data={"KeyGroupId": group_id},
    )


_ACTS: Mapping[str, Callable[[Request, Sender, Lifecycle], Answer]] = {
    "Create": _created,
    "Update": _updated,
    "Delete": _deleted,
}


def _algorithm(request: Request) -> str:
    algorithm = request.properties.get("Algorithm")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise MalformedRequest(
            f"The property Algorithm of the custom resource must be {' or '.join(ALGORITHMS)}."
        )
    return algorithm
