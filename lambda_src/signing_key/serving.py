"""From a custom resource's request to its answer, once, whatever happens in between."""

import logging
from collections.abc import Callable, Mapping

from shared.errors import Failure
from shared.log import note
from signing_key.custom_resource import Answer, Request, Sender
from signing_key.response_url import deliver


def serve(
    event: Mapping[str, object],
    act: Callable[[Request, Sender], Answer],
    *,
    placeholder: str,
    sleep: Callable[[float], None],
) -> None:
    """Do what the request in `event` asks for and answer CloudFormation; a `Failure` is an answer.

    Args:
        event: what Lambda was given (`signing_key.custom_resource.is_request`).
        act: does what was asked.
        placeholder: the physical id of a resource that could not be created.
        sleep: waits for that many seconds.

    Raises:
        UnanswerableRequest: It does not say where the answer goes.
        UndeliveredAnswer: CloudFormation did not take the answer.
    """
    sender = Sender.of(event, placeholder=placeholder)
    try:
        result = act(Request.of(event), sender)
    except Failure as failure:
        result = Answer(status="FAILED", reason=str(failure), physical_id=sender.physical_id)
    level = logging.INFO if result.status == "SUCCESS" else logging.ERROR
    note("answering", level=level, status=result.status, reason=result.reason)
    deliver(sender.letter(result), sender.response_url, sleep=sleep)
