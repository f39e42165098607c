"""CloudFront public keys and key groups: find them in lists, delete them once they are unused."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from shared.errors import Failure
from shared.log import note
from signing_key.calls import CALL_SECONDS, Deadline, Refused

T = TypeVar("T")

# CloudFront does not document how soon a list shows a new resource.
LOOK_AGAIN_SECONDS = (10,)

PAUSE_SECONDS = 15

# one attempt reads the ETag and deletes
_TRY_SECONDS = 2 * CALL_SECONDS

GONE = ("NoSuchResource", "NoSuchPublicKey")
"""The error codes for a resource that does not exist."""

_NOT_YET = ("ResourceInUse", "PublicKeyInUse", "PreconditionFailed", "InvalidIfMatchVersion")


def every_item(page: Callable[[str], tuple[Sequence[T], str]]) -> Iterator[T]:
    """The items of all pages; `page` returns those after a marker, and the next marker or ""."""
    marker = ""
    while True:
        items, marker = page(marker)
        yield from items
        if not marker:
            return


def from_marker(marker: str) -> dict[str, str]:
    """The parameter of a list call: omitted, not empty, for the first page."""
    return {"Marker": marker} if marker else {}


def seen_again(look: Callable[[], T | None], deadline: Deadline) -> T | None:
    """Call `look` a few times for a resource that CloudFront says exists; return what it finds."""
    for pause in LOOK_AGAIN_SECONDS:
        deadline.sleep(pause)
        found = look()
        if found is not None:
            return found
    return None


class StillInUse(Failure):
    """Time ran out before CloudFront allowed a deletion."""

    def __init__(self, what: str, user: str) -> None:
        super().__init__(
            f"{what} is still in use by {user} or being changed. Remove it there, wait for the"
            " deployment, and delete the stack again."
        )


def remove(once: Callable[[], None], *, what: str, user: str, deadline: Deadline) -> None:
    """Retry `once` with pauses until it succeeds or the resource is gone.

    Args:
        once: reads the ETag of one resource and deletes it.
        what: the resource, as the beginning of an error message.
        user: what may refer to it, for the error message.
        deadline: limits the retries.

    Raises:
        StillInUse: There is no time left for another attempt.
        Refused, Unanswered, OutOfTime: From `once`.
    """
    while True:
        try:
            return once()
        except Refused as refusal:
            if refusal.code in GONE:
                return None
            if refusal.code not in _NOT_YET:
                raise
            note("waiting for removal", reason=refusal.code)
        if not deadline.allows(PAUSE_SECONDS + _TRY_SECONDS):
            raise StillInUse(what, user)
        deadline.sleep(PAUSE_SECONDS)
