"""The mutations of the templates are those on record; `make test-mutation` tries them."""

import json
from collections import Counter, defaultdict

from tests.mutation.alarms import of_alarms
from tests.mutation.all_mutations import COUNTS, counts, of_default, of_signing
from tests.mutation.media import MOST_MISSED, of_media
from tests.mutation.operators import OPERATORS
from tests.mutation.shows import of_shows
from tests.mutation.signing_parts import signing_parts
from tests.mutation.survivors import survivors


def test_there_are_as_many_as_recorded() -> None:
    """`make expected` records them."""
    assert counts() == json.loads(COUNTS.read_text("utf-8"))


def test_every_operator_makes_mutations_except_the_one_without_a_place() -> None:
    """The default template has no Rules."""
    assert counts()["default"].keys() == OPERATORS.keys() - {"rule"}


def test_every_recorded_survivor_is_a_mutation() -> None:
    made = {mutation.place for mutation in of_default()} | {one.place for _, one in of_signing()}
    made |= {one.place for one in of_media()}
    made |= {one.place for one in (*of_shows(), *of_alarms())}
    assert survivors() <= made


def test_the_linter_misses_few_mutations_of_an_operator() -> None:
    """With more survivors than that, it lacks a rule."""
    made = Counter(one.operator for one in of_media())
    missed = Counter(one.operator for one in of_media() if one.place in survivors())
    assert [name for name, count in missed.items() if count > MOST_MISSED * made[name]] == []


def test_what_is_skipped_in_an_example_is_mutated_elsewhere() -> None:
    """In another example with the same signing mode, or in the default template."""
    mutated: dict[str, set[str]] = defaultdict(set)
    for part, mutation in of_signing():
        mutated[part.mode].add(_spot(mutation.place))
    for part in signing_parts():
        if part.example == "default":
            mutated[part.mode] |= {_spot(one.place) for one in part.mistakes(part.pieces)}
    for part in signing_parts():
        spots = {_spot(mutation.place) for mutation in part.mistakes(part.pieces)}
        assert spots
        assert spots <= mutated[part.mode], part.example


def _spot(place: str) -> str:
    """What is mutated: what stands there instead is not the same in all examples."""
    return place.partition(" -> ")[0]
