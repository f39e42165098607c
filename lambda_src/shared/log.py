"""What the functions behind the stream tell their operator: one JSON line per event of note.

A line holds the name of the event and facts that are no secret: fields' names, error codes,
seconds. Never an event, a claim's value, a token, a cookie or key material.
"""

import json
import logging

_LOG = logging.getLogger("stream")

# botocore writes request and response bodies at DEBUG, and a secret's value is one of them
_LOGGERS_THAT_SHOW_BODIES = ("boto3", "botocore", "urllib3")


def note(event: str, *, level: int = logging.WARNING, **facts: str | int) -> None:
    """Write one line: what happened, and the facts that help to find out why."""
    _LOG.log(level, json.dumps({"event": event, **facts}))


def keep_bodies_out() -> None:
    """Hold the SDK to warnings, whatever level the function's log is set to."""
    for name in _LOGGERS_THAT_SHOW_BODIES:
        logging.getLogger(name).setLevel(logging.WARNING)
