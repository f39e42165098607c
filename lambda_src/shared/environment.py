"""What the template tells a function, looked at before anything is done with it."""

import re
from collections.abc import Mapping

from shared.errors import Failure

Variables = Mapping[str, tuple[str, str]]
"""Name of a variable: the pattern that it must match, and what the operator is told that it is."""


class InvalidEnvironment(Failure):
    """Variables of a function are missing or wrong; names all of them at once."""


def check(given: Mapping[str, str], wanted: Variables, *, who: str) -> None:
    """Look at the variables given (`os.environ`) to a function; `who` begins the sentence.

    Raises:
        InvalidEnvironment: Some are missing or not what they must be.
    """
    if wrong := problems(given, wanted):
        raise InvalidEnvironment(f"{who} cannot start: {wrong}.")


def problems(given: Mapping[str, str], wanted: Variables) -> str:
    """What is wrong with the variables given (`os.environ`), all at once; empty if nothing is."""
    return "; ".join(
        f"{name} {'is not' if name in given else 'is missing:'} {meaning}"
        for name, (pattern, meaning) in wanted.items()
        if not re.fullmatch(pattern, given.get(name, ""))
    )
