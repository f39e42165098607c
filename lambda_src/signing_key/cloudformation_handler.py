"""What CloudFormation asks of the viewer's signing key: create, keep or remove it."""

from collections.abc import Callable, Mapping

from shared.key_ring import ALGORITHMS
from signing_key.custom_resource import Answer, MalformedRequest, Request, Sender
from signing_key.lifecycle import Lifecycle

PLACEHOLDER = "no-key-group-yet"
"""The physical id of a resource that could not be created."""


def handle_request(request: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    """What became of the request.

    Raises:
        Failure: It could not be done.
    """
    return _ACTS[request.type](request, sender, lifecycle)


def _created(request: Request, _: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(_algorithm(request), request_id=request.id)
    return _trusting(group_id, physical_id=group_id)


def _updated(request: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(_algorithm(request), request_id=request.id)
    # even if the group had to be made anew: for another id CloudFormation would send a Delete for
    # the old one, and that removes all that is ours
    return _trusting(group_id, physical_id=sender.physical_id)


def _deleted(_: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    lifecycle.remove()
    return Answer(
        status="SUCCESS",
        reason="CloudFront has no key group and no public key of this stack any more.",
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
