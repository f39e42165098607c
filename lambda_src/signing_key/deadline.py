"""How long a function may still work before it must answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from shared.lambda_context import LambdaContext
from signing_key.response_url import ANSWER_SECONDS


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Lambda's countdown, less the time that the answer to CloudFormation may need."""

    remaining: Callable[[], float]
    """Seconds until Lambda stops the function."""
    sleep: Callable[[float], None]
    """Waits for that many seconds."""

    @classmethod
    def of(cls, context: LambdaContext, sleep: Callable[[float], None]) -> Self:
        """The time that Lambda's `context` still grants."""
        return cls(
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
            sleep=sleep,
        )

    def allows(self, seconds: float) -> bool:
        """Whether something that takes up to `seconds` still leaves enough time for the answer."""
        return self.remaining() - seconds >= ANSWER_SECONDS
