"""What the template tells the function that guards the channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Variables, check

_VARIABLES: Variables = {
    "STACK_ID": (r"arn:[a-z-]+:cloudformation:\S+", "the ARN of the stack"),
    "CHANNEL": (r"[A-Za-z0-9]{1,255}", "the logical ID of the stack's channel"),
    "NOTES": (r"(/[A-Za-z0-9_.-]{1,255}){1,13}", "the folder of the notes in Parameter Store"),
    "STOP_AFTER_SECONDS": (r"0|[1-9][0-9]{0,6}", "whole seconds, 0 for never"),
}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The function's settings."""

    stack_id: str
    """The ARN of the stack that the function belongs to."""
    channel: str
    """The logical ID of the channel."""
    notes: str
    """The folder of Parameter Store in which the function keeps what it must not forget."""
    stop_after_seconds: int
    """How long the channel may run at a time; 0 for as long as it likes."""

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """The settings in environment variables (`os.environ`).

        Raises:
            InvalidEnvironment: Some are missing or not what they must be.
        """
        check(variables, _VARIABLES, who="The channel's guard")
        return cls(
            stack_id=variables["STACK_ID"],
            channel=variables["CHANNEL"],
            notes=variables["NOTES"],
            stop_after_seconds=int(variables["STOP_AFTER_SECONDS"]),
        )
