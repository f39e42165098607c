"""Whoever breaks the template in one place is told so by the preview, and by it alone."""

from collections import Counter
from pathlib import Path

from tests.conftest import CHECKOUT
from tests.preview.conftest import Found
from tests.preview.mutations import OPERATORS
from tests.preview.operator import template_in
from tests.preview.scenario import violation

LIMITS = CHECKOUT / "docs" / "limits.md"
OF_SIGNING = "\n### The same in the signing part of every example\n"
"""The heading below which no mistakes in the default template stand."""


def told_of(text: str) -> set[str]:
    """The mistakes of a list."""
    lines = (line for line in text.splitlines() if line.startswith("  - `"))
    return {line.split("`")[1] for line in lines}


def test_the_template_itself_has_nothing_wrong(built: Path) -> None:
    """Also that every grant is used, and that nothing is left after deletion."""
    assert violation(template_in(built), built) is None


def test_every_operator_makes_mistakes_but_those_without_a_place(found: Found) -> None:
    """The default template has no Rules."""
    made = Counter(mistake.operator for mistake in found)
    assert made.keys() == OPERATORS.keys() - {"rule"}


def test_what_the_preview_does_not_find_is_told(
    found: Found,
) -> None:
    """Each survivor stands in docs/limits.md, and nothing there has been found meanwhile."""
    print(*_counts(found), sep="\n")
    survivors = {mistake.place for mistake, objected in found.items() if objected is None}
    assert survivors == told_of(LIMITS.read_text("utf-8").partition(OF_SIGNING)[0])


def _counts(found: Found) -> list[str]:
    """For each operator: how many of its mistakes were found."""
    made = Counter(mistake.operator for mistake in found)
    killed = Counter(mistake.operator for mistake, objected in found.items() if objected)
    return [f"{operator}: {killed[operator]} of {count} found" for operator, count in made.items()]


def test_a_missing_permission_is_told_with_its_action(
    found: Found,
) -> None:
    """Of roles; policies of resources are about viewers, who see a refusal."""
    for mistake, objected in found.items():
        if mistake.operator == "policy action" and "Role/" in mistake.place:
            action = mistake.place.split(": ")[1].removesuffix(" removed")
            assert action in str(objected), mistake.place
