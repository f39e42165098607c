"""The mutations that the preview does not find, each group with the reason.

A new survivor means that a promise has no step in tests/preview/scenario_steps.py yet.
"""

import json

from tests.conftest import CHECKOUT

RECORD = CHECKOUT / "tests" / "expected" / "mutation_survivors.json"


def survivors() -> frozenset[str]:
    """The places of the recorded survivors."""
    groups = json.loads(RECORD.read_text("utf-8"))
    return frozenset(place for group in groups for place in group["mutations"])


def verdict(place: str, violation: str | None) -> str:
    """What is wrong with the record of a mutation; empty if nothing is."""
    is_recorded = place in survivors()
    if violation is None and not is_recorded:
        return f"not found by the preview, and not in {RECORD.name}: {place}"
    if violation is not None and is_recorded:
        return f"found by the preview ({violation}): take it out of {RECORD.name}"
    return ""
