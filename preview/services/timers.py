"""Timers of schedules: what is due when, in the account's time."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class _Timer:
    due: float
    seconds: float | None
    """Until it is due again; None for once."""
    run: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Timers:
    """What runs periodically, by key."""

    now: Callable[[], float]
    """The time in epoch seconds."""
    _timers: dict[str, _Timer] = field(default_factory=dict, init=False, repr=False)

    def start(self, key: str, seconds: float, run: Callable[[], object]) -> None:
        """Runs it in that many seconds, and again after as many; replaces the key's timer."""
        self._timers[key] = _Timer(due=self.now() + seconds, seconds=seconds, run=run)

    def start_once(self, key: str, due: float, run: Callable[[], object]) -> None:
        """Runs it once, at a time in epoch seconds; replaces the key's timer."""
        self._timers[key] = _Timer(due=due, seconds=None, run=run)

    def stop(self, key: str) -> None:
        """Removes the key's timer, if there is one."""
        self._timers.pop(key, None)

    def due(self, key: str) -> float | None:
        """When the key's timer is due, in epoch seconds; None if there is none."""
        timer = self._timers.get(key)
        return timer.due if timer else None

    def next_due(self) -> float | None:
        """When the next timer is due; None without timers."""
        return min((timer.due for timer in self._timers.values()), default=None)

    def run_next(self) -> None:
        """Runs the timer that is due first; if it was due several times, it runs once."""
        key, timer = min(self._timers.items(), key=lambda one: one[1].due)
        if timer.seconds is None:
            del self._timers[key]
        else:
            while timer.due <= self.now():
                timer.due += timer.seconds
        timer.run()
