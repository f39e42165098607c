"""Mutations that the preview does not find, in groups with the reason.

A new survivor means that a requirement has no step in `protected_stream.verify` or
tests/preview/scenario_steps.py yet.
"""

import json

from tests.conftest import CHECKOUT

RECORD = CHECKOUT / "tests" / "expected" / "mutation_survivors.json"


def survivors() -> frozenset[str]:
    """The places of the recorded survivors."""
    groups = json.loads(RECORD.read_text("utf-8"))
    return frozenset(place for group in groups for place in group["mutations"])


def verdict(place: str, violation: str | None) -> str:
    """What is wrong with the record of a mutation; empty if it is correct."""
    is_recorded = place in survivors()
    if violation is None and not is_recorded:
        return f"not found by the preview, and not in {RECORD.name}: {place}"
    if violation is not None and is_recorded:
        return f"found by the preview ({violation}): remove it from {RECORD.name}"
    return ""
