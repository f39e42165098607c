"""What the function watches over, and where it looks."""

from collections.abc import Callable
from dataclasses import dataclass

from channel_guard.channels import Channels
from channel_guard.notes import Notes
from channel_guard.own_stack import OwnStack


@dataclass(frozen=True, kw_only=True)
class Ward:
    """The stack, its channel, and what is noted of it."""

    stack: OwnStack
    channels: Channels
    notes: Notes
    clock: Callable[[], float]
    """Epoch seconds."""
