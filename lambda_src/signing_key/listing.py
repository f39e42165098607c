"""Finding the viewer's public keys and key group among everybody else's: CloudFront's lists."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from signing_key.deadline import Deadline

T = TypeVar("T")

# CloudFront does not say how soon a list shows what was just made.
LOOK_AGAIN_SECONDS = (0, 5)


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
