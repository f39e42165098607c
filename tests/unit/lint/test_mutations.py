"""Every mechanical mutation is found."""

import pytest

from protected_stream.lint.media import media_findings
from tests.unit.lint.example_stream import Document
from tests.unit.lint.mutations import MUTATIONS, is_found

FEWEST = 5
"""A kind with fewer mutations of a whole stream no longer works."""


def test_the_default_template_is_clean(template: Document) -> None:
    assert media_findings(template) == ()


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_mutation_is_found(
    kind: str, template: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each leads to a finding on its resource, at the broken property or above it."""
    mutations = list(MUTATIONS[kind](template))
    missed = [mutation for mutation in mutations if not is_found(mutation)]
    caught = len(mutations) - len(missed)
    with capsys.disabled():
        print(f"\n{kind}: tried {len(mutations)}, caught {caught}", end=" ")
    assert len(mutations) >= FEWEST
    assert [f"{one.resource} {one.path} {one.why}" for one in missed] == []
