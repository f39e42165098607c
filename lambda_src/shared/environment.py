"""Lambda environment variables, checked before a function uses them."""

import re
from collections.abc import Mapping

from shared.errors import Failure

Variables = Mapping[str, tuple[str, str]]
"""Name of a variable: the pattern that it must match, and how error messages describe it."""


class InvalidEnvironment(Failure):
    """Environment variables are missing or invalid; the message lists all of them."""


def check(given: Mapping[str, str], wanted: Variables, *, who: str) -> None:
    """Check a function's variables (`os.environ`); `who` starts the error message.

    Raises:
        InvalidEnvironment: Some are missing or invalid.
    """
    if wrong := problems(given, wanted):
        raise InvalidEnvironment(f"{who} cannot start: {wrong}.")


def problems(given: Mapping[str, str], wanted: Variables) -> str:
    """All problems with the variables (`os.environ`); empty if there are none."""
    return "; ".join(
        f"{name} {'is not' if name in given else 'is missing:'} {meaning}"
        for name, (pattern, meaning) in wanted.items()
        if not re.fullmatch(pattern, given.get(name, ""))
    )
