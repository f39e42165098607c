"""Console output of the preview: events, one at a time, with the time at which they happened."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime


class Output:
    """Prints events from all threads; viewers repeat steps, so some events print only once."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        """`write` prints text; `clock` is the account's time, which `skip` moves, in epoch seconds.

        The viewer log's times, such as when cookies expire, are read from the same clock.
        """
        self._write, self._clock = write, clock
        self._last = ""
        self._one_at_a_time = threading.Lock()

    def say(self, event: str) -> None:
        """Prints an event; one of several lines continues under its first."""
        with self._one_at_a_time:
            self._last = event
            self._print(event)

    def once(self, event: str) -> None:
        """Prints an event, unless it equals the previous one."""
        with self._one_at_a_time:
            if event != self._last:
                self._last = event
                self._print(event)

    def _print(self, event: str) -> None:
        stamp = f"{wall_clock(self._clock())} "
        self._write(stamp + event.replace("\n", f"\n{' ' * len(stamp)}"))


def wall_clock(epoch_seconds: float) -> str:
    """The time of day in this machine's time zone: hh:mm:ss."""
    return datetime.fromtimestamp(epoch_seconds, UTC).astimezone().strftime("%H:%M:%S")
