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
    SINCE,
    aws,
    forget,
    id_of,
    noted,
    remember,
    stack_status,
    state_of,
)
from shared.inline_custom_resource import Event
from shared.log import note


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
    if noted(OWED) and stack_status() in ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
        if state == "IDLE":
            aws("medialive:StartChannel", ChannelId=channel)
            note("channel started again", channel=channel)
            state = "STARTING"
        if state in ("DELETED", *ON_AIR):
            forget(OWED)
    since = noted(SINCE)
    if state in ON_AIR:
        _count(channel, state, since, started)
    elif since:
        forget(SINCE)


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
