"""Removing what viewers' requests were checked with, once CloudFront no longer uses it."""

from collections.abc import Callable

from shared.errors import Failure
from shared.log import note
from signing_key.calls import CALL_SECONDS, Refused
from signing_key.deadline import Deadline

PAUSE_SECONDS = 15

# one try reads the ETag and deletes
_TRY_SECONDS = 2 * CALL_SECONDS

_GONE = ("NoSuchResource", "NoSuchPublicKey")
_NOT_YET = ("ResourceInUse", "PublicKeyInUse", "PreconditionFailed", "InvalidIfMatchVersion")


class StillInUse(Failure):
    """The time ended before CloudFront let something go."""

    def __init__(self, what: str, user: str) -> None:
        super().__init__(
            f"{what} is still in use by {user} or being changed. Take it out there, wait until"
            " that is deployed, and delete the stack again."
        )


def remove(once: Callable[[], None], *, what: str, user: str, deadline: Deadline) -> None:
    """Try `once` until it is done, with pauses; what is already gone is done.

    Args:
        once: reads the ETag of one thing and deletes it.
        what: the thing, in words, at the beginning of a sentence.
        user: what may refer to it, in words.
        deadline: how long to go on.

    Raises:
        StillInUse: The time left allows no other try.
        Refused, Unanswered, OutOfTime: From `once`.
    """
    while True:
        try:
            return once()
        except Refused as refusal:
            if refusal.code in _GONE:
                return None
            if refusal.code not in _NOT_YET:
                raise
            note("waiting for removal", reason=refusal.code)
        if not deadline.allows(PAUSE_SECONDS + _TRY_SECONDS):
            raise StillInUse(what, user)
        deadline.sleep(PAUSE_SECONDS)
