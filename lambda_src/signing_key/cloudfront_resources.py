"""CloudFront's public keys and key groups alike: found in lists, removed once they are unused."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from shared.errors import Failure
from shared.log import note
from signing_key.calls import CALL_SECONDS, Deadline, Refused

T = TypeVar("T")

# CloudFront does not say how soon a list shows what was just made.
LOOK_AGAIN_SECONDS = (0, 5)

PAUSE_SECONDS = 15

# one try reads the ETag and deletes
_TRY_SECONDS = 2 * CALL_SECONDS

_GONE = ("NoSuchResource", "NoSuchPublicKey")
_NOT_YET = ("ResourceInUse", "PublicKeyInUse", "PreconditionFailed", "InvalidIfMatchVersion")


def every_item(page: Callable[[str], tuple[Sequence[T], str]]) -> Iterator[T]:
    """The items of all pages; `page` answers those after a marker, and the next marker or ""."""
    marker = ""
    while True:
        items, marker = page(marker)
        yield from items
        if not marker:
            return


def from_marker(marker: str) -> dict[str, str]:
    """The parameter of a list call: the first page has no marker, not an empty one."""
    return {"Marker": marker} if marker else {}


def seen_again(look: Callable[[], T | None], deadline: Deadline) -> T | None:
    """What `look` finds in one of a few tries, for something that CloudFront says exists."""
    for pause in LOOK_AGAIN_SECONDS:
        deadline.sleep(pause)
        found = look()
        if found is not None:
            return found
    return None


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
