"""What the function does when something has happened to stack or channel, and every few minutes.

Each event is no more than a reason to look how things are: one that is lost, late or sent twice
does no harm, for the next look finds what it would have told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from channel_guard.channels import GONE, ON_AIR
from channel_guard.notes import RESTART_OWED, RUNNING_SINCE
from channel_guard.ward import Ward
from shared.log import note


def is_event(event: object) -> TypeGuard[Mapping[str, object]]:
    """Whether EventBridge sends this.

    https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
    """
    return isinstance(event, dict) and {"source", "detail-type", "time", "detail"} <= event.keys()


def start_in(event: Mapping[str, object]) -> float:
    """When the channel was started, in epoch seconds, if the event tells it; else 0.

    https://docs.aws.amazon.com/medialive/latest/ug/medialive-eventbridge-available-events.html
    """
    detail, time = event["detail"], event["time"]
    if (
        event["source"] == "aws.medialive"
        and isinstance(detail, dict)
        and detail.get("state") == "STARTING"
        and isinstance(time, str)
    ):
        return datetime.fromisoformat(time).timestamp()
    return 0


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Looks after the stack's channel."""

    ward: Ward
    channel: str
    """Its logical ID."""
    stop_after_seconds: int
    """How long it may run at a time; 0 for as long as it likes."""

    def look(self, started: float) -> None:
        """Start a channel that was stopped for an update; stop one that has run too long.

        `started` is when an event says that the channel was started, in epoch seconds, or 0.

        Raises:
            Failure: Something could not be found out or done; the next look tries again.
        """
        channel_id = self.ward.stack.physical_id(self.channel)
        state = self.ward.channels.state(channel_id) if channel_id else GONE
        notes = self.ward.notes.read()
        if RESTART_OWED in notes and self.ward.stack.is_updated():
            state = self._on_air_again(channel_id, state)
        if channel_id and state in ON_AIR:
            self._count(
                channel_id,
                _seconds(notes.get(RUNNING_SINCE, "")),
                started=int(started),
                may_stop=state != "STARTING",
            )
        elif RUNNING_SINCE in notes:
            self.ward.notes.remove(RUNNING_SINCE)

    def _on_air_again(self, channel_id: str | None, state: str) -> str:
        """The state after what was promised before the update: the channel runs as it did."""
        if channel_id and state == "IDLE":
            self.ward.channels.start(channel_id)
            note("channel started again after the update", channel=channel_id)
            state = "STARTING"
        if state in ON_AIR or state == GONE:
            self.ward.notes.remove(RESTART_OWED)
        return state

    def _count(self, channel_id: str, noted: int, *, started: int, may_stop: bool) -> None:
        """Note since when the channel runs, and stop it if that is too long."""
        now = int(self.ward.clock())
        since = max(noted, started)
        if not 0 < since <= now:
            since = now
        if since != noted:
            self.ward.notes.write(RUNNING_SINCE, str(since))
        if not may_stop or not self.stop_after_seconds:
            return
        if now - since >= self.stop_after_seconds:
            self.ward.channels.begin_to_stop(channel_id)
            self.ward.notes.remove(RUNNING_SINCE)
            note(
                "channel stopped: it ran longer than schedule.stop_after_hours allows",
                channel=channel_id,
                minutes=(now - since) // 60,
            )


def _seconds(text: str) -> int:
    """What was noted; 0 if that is no number, for anybody may write into Parameter Store."""
    return int(text) if text.isdecimal() else 0
