"""What the functions' log never shows, whatever level it is set to."""

import logging

# botocore writes request and response bodies at DEBUG, and a secret's value is one of them
_LOGGERS_THAT_SHOW_BODIES = ("boto3", "botocore", "urllib3")


def keep_bodies_out() -> None:
    """Hold the SDK to warnings, whatever level the function's log is set to."""
    for name in _LOGGERS_THAT_SHOW_BODIES:
        logging.getLogger(name).setLevel(logging.WARNING)
