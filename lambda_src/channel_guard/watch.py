"""What the guard does when something has happened to stack or channel, and every few minutes.

Each event is no more than a reason to look how things are: one that is lost, late or sent twice
does no harm, for the next look finds what it would have told.
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
        Failure: Something could not be found out or done; the next look tries again.
    """
    started = 0
    # an event that EventBridge does not send has no detail, and ends the function with an error
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
    """Note since when the channel runs, and stop it if that is too long."""
    now = int(time.time())
    # anybody may write into Parameter Store
    since = max(int(so_far) if so_far.isdecimal() else 0, started)
    if not 0 < since <= now:
        since = now
    if str(since) != so_far:
        remember(SINCE, str(since))
    # one that is starting is stopped at a later look, as MediaLive refuses it before
    if state != "STARTING" and 0 < int(environ["STOP_AFTER_SECONDS"]) <= now - since:
        aws("medialive:StopChannel", ChannelId=channel)
        forget(SINCE)
        minutes = (now - since) // 60
        note("channel stopped: stop_after_hours are over", channel=channel, minutes=minutes)
