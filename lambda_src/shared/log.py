"""What the functions behind the stream tell their operator: one JSON line per event of note.

A line holds the name of the event and facts that are no secret: fields' names, error codes,
seconds. Never an event, a claim's value, a token, a cookie or key material.
"""

import json
import logging


def note(event: str, *, level: int = logging.WARNING, **facts: str | int) -> None:
    """Write one line: what happened, and the facts that help to find out why."""
    logging.getLogger("stream").log(level, json.dumps({"event": event, **facts}))


def disable_debug() -> None:
    """No line of level DEBUG: in such lines botocore shows whole requests and answers.

    A secret's value is one of them, and the function's own session token.
    """
    logging.disable(logging.DEBUG)
