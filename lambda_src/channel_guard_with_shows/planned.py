"""Planned starts and stops: the guard makes up for those that an update prevented.

EventBridge Scheduler starts and stops the channel, and at the same time notes what is planned now,
such as `stop 2026-12-24T21:00:00Z`. The note stays until the channel is as planned.
"""

from datetime import datetime
from os import environ

from channel_guard.account import (
    OWED,
    RUNNING,
    SINCE,
    forget,
    id_of,
    noted,
    stack_status,
    state_of,
)
from shared.inline_custom_resource import Event, aws
from shared.log import note

PLANNED = "planned"
"""The note of the last planned start or stop, written by EventBridge Scheduler."""
_SETTLED = ("_COMPLETE", "_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
"""Ends of the stack's statuses in which the channel may be started, as in `watch`."""


def follow(event: Event) -> None:
    """Start or stop the channel if what was planned has not happened.

    Raises:
        Failure: A call failed; the next check tries again.
    """
    act, _, moment = noted(PLANNED).partition(" ")
    if not act:
        return
    at = _seconds(moment)
    channel = id_of(environ["CHANNEL"])
    state = state_of(channel)
    since = _since(event)
    if act == "start":
        # by somebody, as it ran already when its start was planned
        was_stopped = state in ("STOPPING", "IDLE") and 0 < since < at and not noted(OWED)
        if state in ("DELETED", *RUNNING) or was_stopped:
            forget(PLANNED)
        elif state == "IDLE":
            _start(channel, event["source"])
    elif state in RUNNING and since <= at:
        note("stopping the channel: the show has ended", channel=channel)
        # a conflict: it is stopping already; the next check looks again
        aws("medialive:StopChannel", "ConflictException", ChannelId=channel)
    elif since > at:
        # somebody has started it since
        forget(PLANNED)
    elif state in ("IDLE", "DELETED") and stack_status().endswith(_SETTLED):
        # until now, an update might have noted again that a restart is owed
        forget(OWED)
        forget(PLANNED)


def _start(channel: str, source: str) -> None:
    """Start the channel for its show, if the stack lets it start; a failed start is tried again."""
    # the channel's own events would repeat a start that fails without a pause
    if source != "aws.medialive" and stack_status().endswith(_SETTLED):
        note("starting the channel for its show", channel=channel)
        aws("medialive:StartChannel", "ConflictException", ChannelId=channel)


def _since(event: Event) -> float:
    """When the channel started last, in epoch seconds; 0 if that is not known."""
    so_far = noted(SINCE)
    # an event that is not from EventBridge has no detail and fails with an error
    is_start = event["detail"].get("state") == "STARTING"
    started = _seconds(event["time"]) if is_start else 0
    return max(float(so_far) if so_far.isdecimal() else 0, started)


def _seconds(moment: str) -> float:
    """Epoch seconds of an ISO 8601 date; 0 of anything else, as anyone can write the note."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0
