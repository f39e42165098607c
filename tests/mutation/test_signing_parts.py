"""Each mutation of the signing part of every example is found by the preview.

The default stream's signing part is mutated in test_default_template.py.
"""

from pathlib import Path

import pytest

from tests.mutation.all_mutations import of_signing
from tests.mutation.operators import Mutation
from tests.mutation.signing_parts import SigningPart, signing_parts, write_code
from tests.mutation.survivors import verdict
from tests.preview.scenario import violation_of_signing


@pytest.fixture(scope="session")
def code(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders with the functions' zip files, by architecture."""
    parts = signing_parts()
    architectures = {part.architecture for part in parts}
    folders = {name: tmp_path_factory.mktemp(name) for name in architectures}
    for architecture, folder in folders.items():
        write_code([part for part in parts if part.architecture == architecture], folder)
    return folders


@pytest.mark.parametrize(
    ("part", "mutation"),
    [pytest.param(part, one, id=f"{part.example}: {one}") for part, one in of_signing()],
)
def test_it_is_found(part: SigningPart, mutation: Mutation, code: dict[str, Path]) -> None:
    found = violation_of_signing(mutation.template, code[part.architecture], late=mutation.late)
    assert not verdict(mutation.place, found)
