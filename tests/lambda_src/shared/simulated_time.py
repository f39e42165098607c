"""Simulated time, which passes only in `sleep`."""

START = 1_800_000_000.0


class Clock:
    """A clock whose `sleep` returns immediately."""

    def __init__(self) -> None:
        self.now = START
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Context:
    """Lambda context that counts down from the function's timeout."""

    def __init__(self, clock: Clock, timeout: float) -> None:
        self._clock = clock
        self._end = clock.now + timeout

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - self._clock.now) * 1000))
