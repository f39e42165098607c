"""Exit statuses of the commands, and messages to the user."""

import sys

from protected_stream.errors import printable

CLEAN, FINDINGS, NOTHING_WRITTEN = 0, 1, 2
AWS_REFUSED, DECLINED = 3, 4
"""AWS refused, could not be reached, or has no such stack or bucket; the operator answered no."""
INTERRUPTED = 130
"""Ctrl-C, as shells report it."""


def say(line: str) -> None:
    """Prints a message to stderr, apart from the command's own output."""
    print(printable(line), file=sys.stderr)


def refuse(*lines: str) -> int:
    """Prints why nothing was written; returns the exit status for it."""
    for line in lines:
        say(line)
    return NOTHING_WRITTEN


def cannot_be_written(error: OSError) -> int:
    """Prints which file or folder cannot be written, and why; returns the exit status for it."""
    return refuse(f"{error.filename or 'a file'}: cannot be written: {error.strerror or error}")
