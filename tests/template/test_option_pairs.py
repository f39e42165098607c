"""Every two values of two options: they give a clean template, or are refused with a reason.

All rows are tried in tests/fuzz/test_options.py; here some of them, and all that is refused.
"""

import copy
import re

import pytest

from protected_stream import Stream, assemble
from protected_stream.lint.media import media_findings
from protected_stream.template.emit import document as document_of
from tests.option_pairs import (
    FILE,
    FOLDER,
    LIST,
    OptionPairs,
    Row,
    document,
    entries,
    factors,
    findings_of,
    names,
    option_pairs,
    put,
    refusals,
    some,
)
from tests.option_values import Option, at, options, outside

pytestmark = pytest.mark.slow
ROWS = 20
NEVER = {("former_signing.mode", "trusted-signer")}
"""Models that may be chosen elsewhere only."""
POSSIBLE = [
    option
    for option in options()
    if not NEVER & {(".".join(place), value) for place, value in option.choices}
]


@pytest.fixture(scope="module")
def pairs() -> OptionPairs:
    """The rows and the conflicts; 10 seconds."""
    return option_pairs()


def test_there_are_two_values_of_every_option() -> None:
    """If this fails: give the option another value in an example, or in SAMPLES."""
    assert [name for name, one in factors().items() if len(one.values) < 2] == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(ROWS))
def test_values_that_are_allowed_together_give_a_clean_template(
    pairs: OptionPairs, number: int
) -> None:
    row = some(pairs.rows, ROWS)[number]
    assert findings_of(row) == [], document(row)


def test_what_is_refused_names_the_options_to_change(pairs: OptionPairs) -> None:
    """With the options that a sentence names, and all others left out, it is the same sentence."""
    assert pairs.unexplained == []
    alone = set()
    for conflict in pairs.conflicts:
        settings = {name: factors()[name] for name, _ in conflict.settings}
        assert all(names(conflict.sentence, one.place) for one in settings.values()), conflict
        if len(settings) == 1:
            ((name, index),) = conflict.settings
            alone.add((name, settings[name].values[index]))
        else:
            assert len(settings) in (2, 3), conflict
    assert alone == NEVER


@pytest.mark.parametrize(("option", "stream"), list(entries()), ids=lambda one: str(one)[:60])
def test_a_value_in_an_entry_of_a_list_is_taken_or_refused_there(
    option: Option, stream: dict[str, object]
) -> None:
    lines = refusals(stream)
    the_list = ".".join(option.place[: option.place.index(LIST)])
    assert [line for line in lines if not line.startswith(f"{FILE}: {the_list}.")] == []
    if not lines:
        checked = Stream.model_validate(stream, context={"folder": FOLDER})
        assert media_findings(document_of(assemble(checked))) == ()


def test_every_pair_is_in_a_row_or_in_conflict(pairs: OptionPairs) -> None:
    covered = {pair for row in pairs.rows for pair in pairs.among(row)}
    print(f"{len(pairs.rows)} rows, {pairs.pairs} pairs, {pairs.in_conflict} in conflict")
    assert len(covered) + pairs.in_conflict == pairs.pairs
    assert pairs.in_conflict < pairs.pairs / 5


@pytest.mark.parametrize("option", POSSIBLE, ids=str)
def test_a_value_out_of_bounds_is_refused_alone(pairs: OptionPairs, option: Option) -> None:
    """In a row with any other values, the one line names the option."""
    row = next(one for one in pairs.rows if _has(one, option))
    for value in outside(option):
        stream = copy.deepcopy(document(row))
        _put(stream, option, value)
        (line,) = refusals(stream)
        assert re.match(rf"{FILE}: {option.place[0]}\b", line), line
        assert option.place[-1] in line, line
        assert line.isprintable()


def _has(row: Row, option: Option) -> bool:
    """Whether the stream file of a row may have the option; a list of tables, whether it has."""
    stream = document(row)
    chosen = all(value in at(stream, place) for place, value in option.choices)
    return chosen and (LIST not in option.place or bool(list(at(stream, option.place[:-1]))))


def _put(stream: dict[str, object], option: Option, value: object) -> None:
    if LIST not in option.place:
        put(stream, option.place, value)
        return
    index = option.place.index(LIST)
    (entries,) = at(stream, option.place[:index])
    put(entries[0], option.place[index + 1 :], value)
