"""CloudWatch Logs output of the functions: one JSON line per noteworthy event.

A line has the event name and facts that are not secret: field names, error codes, seconds. It never
has a Lambda event, a claim value, a token, a cookie or key material.
"""

import json
import logging


def note(event: str, *, level: int = logging.WARNING, **facts: str | int) -> None:
    """Write one line: what happened, and facts that help find out why."""
    logging.getLogger("stream").log(level, json.dumps({"event": event, **facts}))


def disable_debug() -> None:
    """Disable DEBUG logging: at this level, botocore logs whole requests and responses.

    They include the secret's value and the function's own session token.
    """
    logging.disable(logging.DEBUG)
