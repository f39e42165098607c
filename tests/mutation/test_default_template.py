"""The preview finds each mutation of the default template, without other checks."""

import json
from collections import Counter
from pathlib import Path

import pytest

from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT
from tests.mutation.operators import OPERATORS, Mutation, mutations
from tests.mutation.survivors import verdict
from tests.preview.operator import template_in
from tests.preview.scenario import violation

COUNTS = CHECKOUT / "tests" / "expected" / "mutation_counts.json"
MUTATIONS = tuple(mutations(document(assemble(Stream()))))


def test_the_template_itself_violates_nothing(built: Path) -> None:
    """Also, every permission is used, and nothing is left after deletion."""
    assert violation(template_in(built), built) is None


def test_each_operator_makes_as_many_mutations_as_recorded() -> None:
    """The default template has no Rules, so the rule operator makes none."""
    made = Counter(mutation.operator for mutation in MUTATIONS)
    assert made == json.loads(COUNTS.read_text("utf-8"))["default"]
    assert made.keys() == OPERATORS.keys() - {"rule"}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_it_is_found(mutation: Mutation, built: Path) -> None:
    found = violation(mutation.template, built, late=mutation.late)
    assert not verdict(mutation.place, found)
    if found:
        assert _action_removed_from_a_role(mutation) in found


def _action_removed_from_a_role(mutation: Mutation) -> str:
    """Empty for all other mutations: resource policies affect viewers, who get a 403."""
    if mutation.operator != "policy action" or "Role/" not in mutation.place:
        return ""
    return mutation.place.split(": ")[1].removesuffix(" removed")
