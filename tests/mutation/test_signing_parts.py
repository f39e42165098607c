"""The preview finds each mutation of the signing part of every example.

The default stream's signing part is mutated in test_default_template.py.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation.operators import Mutation
from tests.mutation.signing_parts import (
    SigningPart,
    distinct,
    new_pieces,
    signing_parts,
    write_code,
)
from tests.mutation.survivors import survivors, verdict
from tests.mutation.test_default_template import COUNTS, MUTATIONS
from tests.preview.scenario import violation_of_signing

PARTS = tuple(signing_parts())
DISTINCT = tuple(part for part in distinct(PARTS) if part.example != "default")


def _mutated() -> Iterator[tuple[SigningPart, Mutation]]:
    """Each distinct signing part; of it, only the pieces that no earlier part has."""
    for part, pieces in new_pieces(PARTS):
        if part in DISTINCT:
            for mutation in (*part.by_hand(), *part.mistakes(pieces)):
                yield part, mutation


MUTATED = tuple(_mutated())


@pytest.fixture(scope="session")
def code(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders with the functions' zip files, by architecture."""
    folders = {part.architecture: tmp_path_factory.mktemp(part.architecture) for part in PARTS}
    for architecture, folder in folders.items():
        write_code([part for part in PARTS if part.architecture == architecture], folder)
    return folders


@pytest.mark.parametrize("part", DISTINCT, ids=lambda part: part.example)
def test_no_example_violates_anything(part: SigningPart, code: dict[str, Path]) -> None:
    """Also, every permission is used, and nothing is left after deletion."""
    assert violation_of_signing(part.template, code[part.architecture]) is None


@pytest.mark.parametrize(
    ("part", "mutation"),
    [pytest.param(part, mutation, id=f"{part.example}: {mutation}") for part, mutation in MUTATED],
)
def test_it_is_found(part: SigningPart, mutation: Mutation, code: dict[str, Path]) -> None:
    found = violation_of_signing(mutation.template, code[part.architecture], late=mutation.late)
    assert not verdict(mutation.place, found)


def test_each_example_has_as_many_mutations_as_recorded() -> None:
    made = Counter(part.example for part, _ in MUTATED)
    assert made == json.loads(COUNTS.read_text("utf-8"))["signing"]


def test_what_is_skipped_is_mutated_elsewhere() -> None:
    """In another example with the same signing mode, or in the default template."""
    mutated: dict[str, set[str]] = defaultdict(set)
    for part, mutation in MUTATED:
        mutated[part.mode].add(_spot(mutation.place))
    for part in PARTS:
        if part.example == "default":
            mutated[part.mode] |= {_spot(one.place) for one in part.mistakes(part.pieces)}
    for part in PARTS:
        spots = {_spot(mutation.place) for mutation in part.mistakes(part.pieces)}
        assert spots
        assert spots <= mutated[part.mode], part.example


def _spot(place: str) -> str:
    """What is mutated, without the new value, which differs between examples."""
    return place.partition(" -> ")[0]


def test_every_recorded_survivor_is_a_mutation() -> None:
    made = {mutation.place for mutation in MUTATIONS} | {one.place for _, one in MUTATED}
    assert survivors() <= made
