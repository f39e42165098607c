"""Time for commands that wait: tests replace it, so that they need not wait."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from protected_stream.errors import AwsError

Report = Callable[[str], None]
"""Shows a line about what is waited for."""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The current time, and a pause."""

    now: Callable[[], float] = time.time
    """Epoch seconds."""
    sleep: Callable[[float], None] = time.sleep
    """Waits that many seconds."""


def moment(seconds: float) -> datetime:
    """Epoch seconds as a date in UTC, without fractions."""
    return datetime.fromtimestamp(int(seconds), UTC)


def in_words(when: datetime) -> str:
    """A date for people, in UTC."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@contextmanager
def goes_on(meaning: str) -> Iterator[None]:
    """Adds to an error or a Ctrl-C what AWS goes on with, and what the operator can do.

    Raises:
        AwsError: as inside, and with the meaning.
        KeyboardInterrupt: as inside, with the meaning as its text.
    """
    try:
        yield
    except AwsError as error:
        raise AwsError(f"{error} {meaning}") from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Interrupted. {meaning}") from None
