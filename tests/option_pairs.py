"""Stream files in which every two values of two options occur together, unless they conflict.

Most faults that depend on several options depend on two (D. R. Kuhn, D. R. Wallace, A. M. Gallo,
"Software Fault Interactions and Implications for Software Testing", IEEE Transactions on Software
Engineering 30 (6), 2004). Which values conflict is not written down here: a stream file that is
refused tells, and the sentence must name the options.
"""

import copy
import functools
import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from protected_stream import Stream, assemble
from protected_stream.config import OF_A_CHANNEL
from protected_stream.lint import Finding, findings
from protected_stream.template.emit import documents
from protected_stream.template.validation_errors import validation_errors
from tests.conftest import CHECKOUT
from tests.edge_behaviors import edge_faults
from tests.option_values import ABSENT, Option, Place, at, examples, inside, options, schema

SEED = 20_261_130
FOLDER = CHECKOUT / "examples"
"""What the names of files in stream files are relative to, as in the examples."""
FILE = "stream.toml"
MOST_ATTEMPTS = 50
LIST = "[]"

Setting = tuple[str, int]
"""A factor by its name, and which of its values."""
Pair = tuple[Setting, Setting]
Row = Mapping[str, int]
Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Factor:
    """What can be set: an option of one model, the choice of a model, or a list of tables."""

    name: str
    place: Place
    choices: tuple[tuple[Place, str], ...]
    """The models that must be chosen for it to exist."""
    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Values that are refused together."""

    settings: frozenset[Setting]
    sentence: str


@functools.cache
def factors() -> Mapping[str, Factor]:
    """Every factor, by name; choices come first."""
    found = (*_choices(), *_single_options(), *_lists())
    return {factor.name: factor for factor in found}


def _choices() -> Iterator[Factor]:
    models: dict[Place, list[str]] = {}
    for option in _outside_lists():
        if "const" in option.schema:
            models.setdefault(option.place, []).append(option.schema["const"])
    for place, values in models.items():
        has_no_default = "default" not in schema()["properties"][place[0]]
        left_out = [ABSENT] if has_no_default or place[0] in OF_A_CHANNEL else []
        yield Factor(name=".".join(place), place=place, choices=(), values=(*left_out, *values))


def _single_options() -> Iterator[Factor]:
    for option in _outside_lists():
        if "const" not in option.schema:
            yield Factor(
                name=str(option),
                place=option.place,
                choices=option.choices,
                values=_values(option),
            )


def _values(option: Option) -> tuple[Any, ...]:
    """The values to try; for the default, the key is left out, as in most stream files."""
    default = option.schema.get("default", ABSENT)
    return tuple(ABSENT if value == default else value for value in inside(option))


def _outside_lists() -> Iterator[Option]:
    return (option for option in options() if LIST not in option.place)


def _lists() -> Iterator[Factor]:
    """Each list of tables: none, and those of the examples.

    What a value in an entry goes with, depends on the rest of the entry: `entries` has each alone.
    """
    places = {option.place[: option.place.index(LIST)]: None for option in _within_lists()}
    for place in places:
        whole = [value for stream in examples() for value in at(stream, place)]
        values = {json.dumps(one, default=str): one for one in (ABSENT, *whole)}
        yield Factor(name=".".join(place), place=place, choices=(), values=tuple(values.values()))


def _within_lists() -> Iterator[Option]:
    return (option for option in options() if LIST in option.place)


def entries() -> Iterator[tuple[Option, Document]]:
    """Each value in an entry of a list of tables, in the first example that has the list."""
    for option in _within_lists():
        place = option.place[: option.place.index(LIST)]
        stream = next((one for one in examples() if list(at(one, place))), None)
        for value in inside(option) if stream else ():
            if value is not ABSENT:
                changed: Document = copy.deepcopy(dict(stream or {}))
                (tables,) = at(changed, place)
                put(tables[0], option.place[len(place) + 1 :], value)
                yield option, changed


def document(row: Row) -> Document:
    """The stream file of a row, and what its tables require besides."""
    stream: Document = {}
    for name, index in _complete(row).items():
        factor = factors()[name]
        value = factor.values[index]
        if value is not ABSENT:
            put(stream, factor.place, value)
    return stream


def put(stream: Document, place: Place, value: Any) -> None:
    """Sets a key of a stream file; tables on the way are made."""
    table = stream
    for key in place[:-1]:
        table = table.setdefault(key, {})
    table[place[-1]] = copy.deepcopy(value)


def _complete(row: Row) -> dict[str, int]:
    """The row with the models that its options need, and with the keys that these require."""
    whole = {**row}
    for name in row:
        for place, value in factors()[name].choices:
            choice = factors()[".".join(place)]
            whole.setdefault(choice.name, choice.values.index(value))
    for name in _required():
        if is_possible(name, whole):
            whole.setdefault(name, 0)
    return {name: index for name, index in whole.items() if is_possible(name, whole)}


@functools.cache
def _required() -> tuple[str, ...]:
    return tuple(str(one) for one in _outside_lists() if one.required and str(one) in factors())


def is_possible(name: str, row: Row) -> bool:
    """Whether the models that are chosen in the row have this factor."""
    return all(_is_chosen(row, place, value) for place, value in factors()[name].choices)


def _is_chosen(row: Row, place: Place, value: str) -> bool:
    choice = factors()[".".join(place)]
    return choice.name in row and choice.values[row[choice.name]] == value


def refusals(stream: Document) -> tuple[str, ...]:
    """What is wrong with a stream file: a line for each mistake, as people see it."""
    try:
        Stream.model_validate(stream, context={"folder": FOLDER})
    except ValidationError as error:
        return validation_errors(error, Stream, FILE)
    return ()


def findings_of(row: Row) -> list[Finding | str]:
    """What the linter finds in the template of a row, without what does not count.

    And the cache behaviors that are not what tests/edge_behaviors.py says.
    """
    stream = Stream.model_validate(document(row), context={"folder": FOLDER})
    template = documents(assemble(stream))
    return [
        *(
            finding
            for finding in findings(template.json, stream.region)
            if finding.rule.id not in stream.lint.ignore and not finding.waived
        ),
        *edge_faults(template.document),
    ]


def names(line: str, place: Place) -> bool:
    """Whether a line names the option: its key, with the table or in a sentence about it."""
    return any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", line)
        for name in (".".join(place), place[-1])
    )


class OptionPairs:
    """Makes the rows, and learns which values conflict."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same rows in every run
        self._all = frozenset(_pairs())
        self._uncovered: dict[Setting, set[Setting]] = defaultdict(set)
        """What each value is not together with in any row yet."""
        for one, other in self._all:
            self._uncovered[one].add(other)
            self._uncovered[other].add(one)
        self._left = Counter(one for pair in self._all for one in _chosen_for(pair))
        self.pairs = len(self._all)
        """How many pairs of values there are, with those that conflict."""
        self.conflicts: list[Conflict] = []
        self._conflicts_of: dict[Setting, list[Conflict]] = defaultdict(list)
        self.in_conflict = 0
        """How many pairs cannot be in a row."""
        self.unexplained: list[str] = []
        """Lines that do not name the options concerned."""
        self.rows: list[Row] = []
        ordered = sorted(self._all)
        self._random.shuffle(ordered)
        for pair in ordered:
            if pair[1] in self._uncovered[pair[0]]:
                self._cover(pair)

    def among(self, row: Row) -> set[Pair]:
        """The pairs in a row."""
        return set(itertools.combinations(sorted(row.items()), 2)) & self._all

    def _cover(self, pair: Pair) -> None:
        """Adds a row with the pair, or finds that there is none."""
        for _ in range(MOST_ATTEMPTS):
            start = _complete(dict(pair))
            if any(self._conflicting(start, own) for own in start.items()):
                break
            row = self._filled(start)
            lines = refusals(document(row))
            if not lines:
                self.rows.append(row)
                for covered in itertools.combinations(sorted(row.items()), 2):
                    self._remove(covered)
                return
            for line in lines:
                self._learn(row, line)
        self._remove(pair)
        self.in_conflict += 1

    def _remove(self, pair: Pair) -> None:
        one, other = pair
        if other in self._uncovered[one]:
            self._uncovered[one].remove(other)
            self._uncovered[other].remove(one)
            self._left.subtract(_chosen_for(pair))

    def _filled(self, start: Row) -> dict[str, int]:
        """The row with a value of every factor: the one that covers most pairs."""
        row = {**start}
        others = [name for name in factors() if name not in row]
        self._random.shuffle(others)
        others.sort(key=lambda name: factors()[name].choices != () or name not in _choosing())
        for name in others:
            if is_possible(name, row):
                indexes = list(range(len(factors()[name].values)))
                self._random.shuffle(indexes)
                fitting = [
                    index
                    for index in indexes
                    if not self._conflicting({**row, name: index}, (name, index))
                ]
                row[name] = max(fitting or indexes, key=lambda index: self._gain(row, name, index))
        return row

    def _gain(self, row: Row, name: str, index: int) -> int:
        """How many pairs the value covers together with those in the row.

        For the choice of a model, how many pairs with options of this model are left.
        """
        own = (name, index)
        return self._left[own] + len(self._uncovered[own].intersection(row.items()))

    def _conflicting(self, row: Row, own: Setting) -> bool:
        """Whether a value of the row is known to conflict with others of it."""
        settings = row.items()
        return any(conflict.settings <= settings for conflict in self._conflicts_of[own])

    def _learn(self, row: Row, line: str) -> None:
        """Finds which options a refusal is about: those that it names and that matter to it."""
        named = {name: at for name, at in row.items() if names(line, factors()[name].place)}
        if not _is_refused(named, line):
            self.unexplained.append(f"{line} ({json.dumps(document(row), default=str)})")
        concerned = {name: at for name, at in named.items() if _matters(name, named, line)}
        settings = frozenset((concerned or row).items())
        if all(settings != known.settings for known in self.conflicts):
            conflict = Conflict(settings=settings, sentence=line)
            self.conflicts.append(conflict)
            for own in settings:
                self._conflicts_of[own].append(conflict)


@functools.cache
def _choosing() -> frozenset[str]:
    """The factors that choose a model."""
    return frozenset(".".join(place) for one in factors().values() for place, _ in one.choices)


def _is_refused(row: Row, line: str) -> bool:
    """Whether it is refused by the same sentence, whatever the values in it are."""
    return _rule(line) in map(_rule, refusals(document(row)))


def _rule(line: str) -> str:
    return re.sub(r'"[^"]*"|[\d.]+', "", line)


def _matters(name: str, row: Row, line: str) -> bool:
    """Whether another value of it would not be refused."""
    others = range(len(factors()[name].values))
    return any(not _is_refused({**row, name: other}, line) for other in others)


def _chosen_for(pair: Pair) -> Iterator[Setting]:
    """The models that must be chosen for a pair."""
    for name, _ in pair:
        for place, value in factors()[name].choices:
            choice = factors()[".".join(place)]
            yield choice.name, choice.values.index(value)


def _pairs() -> Iterator[Pair]:
    for left, right in itertools.combinations(sorted(factors()), 2):
        if _can_be_together(left, right):
            yield from itertools.product(_settings(left), _settings(right))


def _settings(name: str) -> Iterable[Setting]:
    return ((name, index) for index in range(len(factors()[name].values)))


def _can_be_together(left: str, right: str) -> bool:
    """Whether no model excludes them, and neither is the choice of the other's model."""
    one, other = factors()[left], factors()[right]
    chosen: dict[Place, str] = {}
    if one.place in dict(other.choices) or other.place in dict(one.choices):
        return False
    for place, value in (*one.choices, *other.choices):
        if chosen.setdefault(place, value) != value:
            return False
    return True


@functools.cache
def option_pairs() -> OptionPairs:
    """The rows; the same in every run."""
    return OptionPairs()


def some(rows: Sequence[Row], count: int) -> list[Row]:
    """So many of the rows, the same in every run."""
    return random.Random(SEED).sample(rows, count)  # noqa: S311
