"""What becomes of an owed restart in every state of stack and channel, as a file for review.

`make expected` regenerates it with the guard's own code; read the diff before committing it.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from tests.lambda_src.channel_guard.fake_medialive import CHANNEL_ID, EVENT, simulated

RECORD = Path(__file__).parents[2] / "expected" / "owed_restarts.md"
OWED = "/channel-guard/live/restart-owed"
STATUSES = (
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html ."""
STATES = (
    "CREATING",
    "CREATE_FAILED",
    "IDLE",
    "STARTING",
    "RUNNING",
    "RECOVERING",
    "STOPPING",
    "DELETING",
    "DELETED",
    "UPDATING",
    "UPDATE_FAILED",
)
"""https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html ."""
SOURCES = {
    "aws.events": "the schedule",
    "aws.cloudformation": "the stack",
    "aws.medialive": "the channel",
}
"""The sources of the events that the guard gets."""
KEPT, MADE, FORGOTTEN = "kept", "made", "forgotten"
Row = Mapping[tuple[str, str], str]
"""The outcome by the channel's state and the event's source."""


def outcome(status: str, state: str, source: str) -> str:
    """What the guard does about an owed restart."""
    with simulated() as medialive:
        medialive.status, medialive.states = status, [state]
        medialive.parameters[OWED] = CHANNEL_ID
        medialive.run({**EVENT, "source": source})
        if "medialive:StartChannel" in medialive.calls:
            return MADE
        return KEPT if OWED in medialive.parameters else FORGOTTEN


def page() -> str:
    """The whole table; stack statuses and channel states with the same outcomes share a line."""
    rows: dict[tuple[tuple[str, str, str], ...], list[str]] = {}
    for status in STATUSES:
        outcomes = tuple(
            (state, source, outcome(status, state, source))
            for state in STATES
            for source in SOURCES
        )
        rows.setdefault(outcomes, []).append(status)
    lines = [line for outcomes, statuses in rows.items() for line in _lines(outcomes, statuses)]
    return "\n".join((*HEAD, *lines, ""))


HEAD = (
    "# What becomes of an owed restart",
    "",
    f"Each of {len(STATUSES)} stack statuses, {len(STATES)} channel states and {len(SOURCES)} "
    "sources of events, tried with the guard's",
    "code; written by tests/lambda_src/channel_guard/owed_restarts.py.",
    "",
    "| stack | channel | event from | the restart is |",
    "|---|---|---|---|",
)


def _lines(outcomes: tuple[tuple[str, str, str], ...], statuses: list[str]) -> list[str]:
    """A line for each outcome and the sources with which it comes."""
    found: dict[tuple[str, str], list[str]] = {}
    for state in STATES:
        for result in (MADE, FORGOTTEN, KEPT):
            sources = [
                SOURCES[source] for one, source, what in outcomes if (one, what) == (state, result)
            ]
            if sources:
                by = "any" if len(sources) == len(SOURCES) else ", ".join(sources)
                found.setdefault((result, by), []).append(state)
    return [
        f"| {', '.join(statuses)} | {', '.join(states)} | {by} | {result} |"
        for (result, by), states in found.items()
    ]


if __name__ == "__main__":
    logging.disable()  # the guard's own notes
    RECORD.write_text(page(), encoding="utf-8")
