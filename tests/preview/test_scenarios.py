"""The scenario that the mutations are tried in finds nothing wrong with the templates themselves.

Every grant is used, too, and nothing is left after deletion.
"""

from pathlib import Path

import pytest

from tests.mutation.all_mutations import differing_parts
from tests.mutation.signing_parts import SigningPart, write_code
from tests.preview.operator import template_in
from tests.preview.scenario import violation, violation_of_signing


def test_the_default_template_violates_nothing(built: Path) -> None:
    assert violation(template_in(built), built) is None


@pytest.mark.parametrize("part", differing_parts(), ids=lambda part: part.example)
def test_no_example_violates_anything(part: SigningPart, tmp_path: Path) -> None:
    write_code([part], tmp_path)
    assert violation_of_signing(part.template, tmp_path) is None
