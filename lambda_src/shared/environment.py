"""What the template tells a function, looked at before anything is done with it."""

import re
from collections.abc import Mapping

Variables = Mapping[str, tuple[str, str]]
"""Name of a variable: the pattern that it must match, and what the operator is told that it is."""


def problems(given: Mapping[str, str], wanted: Variables) -> str:
    """What is wrong with the variables given (`os.environ`), all at once; empty if nothing is."""
    return "; ".join(
        f"{name} {'is not' if name in given else 'is missing:'} {meaning}"
        for name, (pattern, meaning) in wanted.items()
        if not re.fullmatch(pattern, given.get(name, ""))
    )
