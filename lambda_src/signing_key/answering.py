"""From CloudFormation's request to its answer: create, keep or remove the viewer's signing key."""

from collections.abc import Callable, Mapping

from signing_key.custom_resource import Answer, Request, Sender
from signing_key.failure import Failure
from signing_key.lifecycle import Lifecycle


def answer(
    event: Mapping[str, object], sender: Sender, lifecycle: Callable[[], Lifecycle]
) -> Answer:
    """What became of the request in `event`: every `Failure` is an answer, too.

    `lifecycle` is called inside, because what it needs may be missing.
    """
    try:
        request = Request.of(event)
        return _ACTS[request.type](request, sender, lifecycle())
    except Failure as failure:
        return Answer(status="FAILED", reason=str(failure), physical_id=sender.physical_id)


def _created(request: Request, _: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(request.algorithm, request_id=request.id)
    return _trusting(group_id, physical_id=group_id)


def _updated(request: Request, sender: Sender, lifecycle: Lifecycle) -> Answer:
    group_id = lifecycle.ensure(request.algorithm, request_id=request.id)
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
