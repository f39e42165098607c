"""CloudFormation custom resource for the signing key: create, update or delete, and respond.

If an invocation is interrupted, the next one continues from there: every step looks for what an
earlier one left.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from shared.errors import Failure
from shared.key_ring import ALGORITHMS, KeyRing
from shared.log import note
from signing_key.custom_resource import Answer, MalformedRequest, Request, Sender, deliver
from signing_key.key_life import newest
from signing_key.key_pair import key_pair
from signing_key.key_store import KeyStore

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


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """The operations that CloudFormation can request. All methods may raise a `Failure`."""

    key_store: KeyStore

    def ensure(self, algorithm: str, *, request_id: str) -> str:
        """The ID of the key group that trusts the ring's keys; creates any part that is missing.

        If the newest key does not use `algorithm`, adds a new key that signs later.

        Raises:
            TooManyKeys: The algorithm changed and the key group has no room for another key.
        """
        ring, group_id = self._complete(self._begun(algorithm, request_id))
        if newest(ring.keys).algorithm != algorithm:
            ring = self.key_store.with_successor(ring, algorithm)
            self.key_store.stored_ring.write(ring)
            self.key_store.remove_others(ring)
        return group_id

    def remove(self) -> None:
        """Delete the key group and public keys; the secret belongs to the template."""
        ring = self._known()
        self.key_store.key_groups.remove_all(ring.key_group_id)
        self.key_store.public_keys.remove_all({key.key_pair_id for key in ring.keys})

    def _complete(self, ring: KeyRing) -> tuple[KeyRing, str]:
        """Create what CloudFront lacks; return the ring with all IDs, and the group ID."""
        ids = [self.key_store.public_keys.ensured(key) for key in ring.keys]
        group_id = self.key_store.key_groups.ensured(ids, known_id=ring.key_group_id)
        complete = _with_ids(ring, ids, group_id)
        if complete != ring:
            self.key_store.stored_ring.write(complete)
        return complete, group_id

    def _begun(self, algorithm: str, request_id: str) -> KeyRing:
        ring = self.key_store.stored_ring.read()
        if ring is not None and ring.keys:
            return ring
        # there are no viewers yet: the first key signs immediately
        key = key_pair(algorithm, signs_from=self.key_store.now())
        first = KeyRing(keys=(key,), key_group_id=ring.key_group_id if ring else None)
        return self.key_store.stored_ring.begin(first, request_id=request_id)

    def _known(self) -> KeyRing:
        """The ring; empty if it cannot be read, because our resources can also be found by name."""
        try:
            ring = self.key_store.stored_ring.read()
        except Failure as failure:
            note("removing by name only", reason=str(failure))
            ring = None
        return ring or KeyRing(keys=(), key_group_id=None)


def _with_ids(ring: KeyRing, key_pair_ids: list[str], key_group_id: str) -> KeyRing:
    keys = zip(ring.keys, key_pair_ids, strict=True)
    return KeyRing(
        keys=tuple(replace(key, key_pair_id=key_pair_id) for key, key_pair_id in keys),
        key_group_id=key_group_id,
    )


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
