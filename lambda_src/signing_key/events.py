"""Events that nobody waits to hear of: what cannot be done must at least be seen."""

import logging
from collections.abc import Callable
from typing import TypeVar

from shared.errors import Failure
from shared.log import note

T = TypeVar("T")


class UnknownEvent(ValueError):
    """The event is of a kind that the function does not know."""


class NotDone(RuntimeError):
    """What was asked for could not be done; says what to do."""


def done(act: Callable[[], T]) -> T:
    """What `act` returns; a `Failure` is logged and ends the run, so that its caller knows.

    Raises:
        NotDone: It failed.
    """
    try:
        return act()
    except Failure as failure:
        note("not done", level=logging.ERROR, reason=str(failure))
        raise NotDone(str(failure)) from None
