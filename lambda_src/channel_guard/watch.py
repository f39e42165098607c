"""EventBridge events: the guard checks the channel on stack or channel events and on a schedule.

An event only triggers a check of the current state. A lost, late or duplicate event does no harm,
because the next check finds the same state.
"""

import time
from datetime import datetime
from os import environ

from channel_guard.account import (
    ON_AIR,
    OWED,
    RUNNING,
    SINCE,
    forget,
    id_of,
    noted,
    remember,
    stack_status,
    state_of,
)
from shared.inline_custom_resource import Event, aws
from shared.log import note

_FINAL = ("_COMPLETE", "_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
"""Ends of the statuses from which nothing goes back. From UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, a
nested stack may: https://repost.aws/knowledge-center/cloudformation-stack-cleanup-stuck ."""
_DUE = (
    (_FINAL, ("IDLE",), "start"),
    (_FINAL, ("DELETED", *RUNNING), "forget"),
    ("_FAILED", RUNNING, "forget"),
)
"""What becomes of an owed restart, by the end of the stack's status and the channel's state."""


def look(event: Event) -> None:
    """Start a channel that was stopped for an update; stop one that has run too long.

    Raises:
        Failure: A call failed; the next check tries again.
    """
    started = 0
    # an event that is not from EventBridge has no detail and fails with an error
    if event["detail"].get("state") == "STARTING":
        started = int(datetime.fromisoformat(event["time"]).timestamp())
    channel = id_of(environ["CHANNEL"])
    state = state_of(channel)
    since = noted(SINCE)
    if state in ON_AIR:
        _count(channel, state, since, started)
    elif since:
        forget(SINCE)
    if noted(OWED):
        _restart(channel, state, event["source"])


def _restart(channel: str, state: str, source: str) -> None:
    """Start a channel whose restart is owed, or forget it; a start that fails is tried again."""
    status = stack_status()
    due = [act for ends, states, act in _DUE if status.endswith(ends) and state in states]
    if "forget" in due:
        forget(OWED)
    # the channel's own events would repeat a start that fails without a pause
    if "start" in due and source != "aws.medialive":
        note("starting the channel again", channel=channel)
        # a conflict: it is starting already, or changing; the next check looks again
        aws("medialive:StartChannel", "ConflictException", ChannelId=channel)


def _count(channel: str, state: str, so_far: str, started: int) -> None:
    """Note when the channel started, and stop it if it has run too long."""
    now = int(time.time())
    # anyone with access can write to Parameter Store
    since = max(int(so_far) if so_far.isdecimal() else 0, started)
    if not 0 < since <= now:
        since = now
    if str(since) != so_far:
        remember(SINCE, str(since))
    # a starting channel is stopped by a later check, because MediaLive does not allow it yet
    if state != "STARTING" and 0 < int(environ["STOP_AFTER_SECONDS"]) <= now - since:
        aws("medialive:StopChannel", ChannelId=channel)
        forget(SINCE)
        minutes = (now - since) // 60
        note("channel stopped: stop_after_hours reached", channel=channel, minutes=minutes)
