"""The options of stream.toml, with the values that their JSON Schema allows and those it does not.

A new option needs no line here, unless nothing tells a value of it: its model does not (a string
without choices), and no example has it.
"""

import functools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.cli.reference import CHOOSING, json_schema
from tests.conftest import STREAMS

Schema = Mapping[str, Any]
Place = tuple[str, ...]
TOP = "Stream"
"""The name of the model of the whole file."""
ABSENT = None
"""The value of an option that is left out; TOML has no null."""
NO_SUCH = "no-such-value"
SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "ExistingPoolOptions.groups": (["subscribers"],),
    "Stream.name": ("radio-2",),
    "LintOptions.ignore": ({"PS1105": "to see that it changes nothing"},),
}
"""By model and key: values of options that no model and no example tells."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One key of stream.toml, in one of the models that its table may have."""

    place: Place
    """The keys that lead to it; "[]" stands for the entries of a list of tables."""
    model: str
    """The model that has it, such as "KmsOptions"."""
    choices: tuple[tuple[Place, str], ...]
    """What selects that model: keys with the value that they must have, such as `mode`."""
    schema: Schema
    required: bool

    @property
    def id(self) -> str:
        """Model and key: the same for `signing` and `former_signing`."""
        return f"{self.model}.{self.place[-1]}"

    @property
    def dotted(self) -> str:
        """The key as messages write it: "signing.hash"."""
        return ".".join(self.place)

    def __str__(self) -> str:
        chosen = "".join(f'[{place[-1]} = "{value}"] ' for place, value in self.choices)
        return f"{chosen}{self.dotted}"


@functools.cache
def schema() -> Schema:
    """The JSON Schema of the file."""
    whole: Schema = json.loads(json_schema())
    return whole


def models(table: Schema) -> dict[str, str]:
    """The names of the models that a table may have, by its `mode` or `type`; "" if it has one.

    Empty if it is not a table with keys of its own.
    """
    if "$ref" in table:
        return {"": _name(table)}
    return {
        next(iter(one["if"]["properties"].values()))["const"]: _name(one["then"])
        for one in table.get("allOf", ())
    }


def definition(model: str) -> Schema:
    """The schema of a model, by its name."""
    if model == TOP:
        return schema()
    found: Schema = schema()["$defs"][model]
    return found


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def options() -> tuple[Option, ...]:
    """Every key of the file, in every model that has it; tables are not keys."""
    return tuple(_below((), TOP, ()))


def _below(place: Place, model: str, choices: tuple[tuple[Place, str], ...]) -> Iterator[Option]:
    table = definition(model)
    for name, item in table["properties"].items():
        here = (*place, name)
        inner = _entries(item) or item
        below = (*here, "[]") if inner is not item else here
        if not models(inner):
            required = name in table.get("required", ())
            yield Option(place=here, model=model, choices=choices, schema=item, required=required)
        for value, other in models(inner).items():
            chosen = ((*below, _choosing(other)), value)
            yield from _below(below, other, (*choices, chosen) if value else choices)


def _entries(item: Schema) -> Schema | None:
    """The schema of the entries of a list of tables."""
    inner: Schema = item.get("items", {})
    return inner if models(inner) else None


def _choosing(model: str) -> str:
    """The key that selects the model, if there is a choice."""
    return next(
        (name for name in CHOOSING if "const" in definition(model)["properties"].get(name, ())), ""
    )


def named(option: Option) -> tuple[Any, ...]:
    """The values that the schema names one by one: choices, true and false.

    For a list, those of its entries.
    """
    item = option.schema
    if item.get("type") == "array":
        item = item["items"]
    if item.get("type") == "boolean":
        return (False, True)
    return (item["const"],) if "const" in item else tuple(item.get("enum", ()))


def used(stream: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The options of a stream file that its schema names values of, by ID, each with its value.

    A key that is left out has its default; a table that is left out, its keys' defaults.
    """
    return _used(stream, TOP)


def _used(table: Mapping[str, Any], model: str) -> Iterator[tuple[str, Any]]:
    for name, item in definition(model)["properties"].items():
        entries = _entries(item)
        if entries:
            tables = [(entries, one) for one in table.get(name, ())]
        elif models(item):
            # without a default, a table that is left out does not exist
            tables = [(item, table.get(name, {}))] if _exists(item, table, name) else []
        else:
            tables = []
            value = table.get(name, item.get("default", item.get("const", ABSENT)))
            for one in value if isinstance(value, list) else [value]:
                yield f"{model}.{name}", one
        for inner, value in tables:
            chosen = models(inner)
            key = _choosing(next(iter(chosen.values())))
            yield from _used(value, chosen[value.get(key, next(iter(chosen)))])


def _exists(item: Schema, table: Mapping[str, Any], name: str) -> bool:
    return name in table or "default" in item or "" in models(item)


@functools.cache
def examples() -> tuple[Mapping[str, Any], ...]:
    """stream.toml and every example, as they are written."""
    return tuple(tomllib.loads(path.read_text("utf-8")) for path in STREAMS.values())


def inside(option: Option) -> tuple[Any, ...]:
    """Values to try: all that are named, the bounds and what is between, what examples have."""
    item = option.schema
    values = [item["default"]] if "default" in item else [] if option.required else [ABSENT]
    if item.get("type") == "array" and named(option):
        start = item.get("default", [])
        values += [[*start, one] for one in named(option) if one not in start]
        values.append(list(named(option)))
    elif named(option):
        values += named(option)
    elif "minimum" in item and "maximum" in item:
        low, high = item["minimum"], item["maximum"]
        values += [low, (low + high) // 2, high]
    else:
        values += [*_written(option.id), *SAMPLES.get(option.id, ())]
    return tuple({json.dumps(one, default=str): one for one in values}.values())


@functools.cache
def _written(id_: str) -> tuple[Any, ...]:
    """The values that examples give an option; names of files are relative to their folder."""
    return tuple(value for stream in examples() for one, value in written(stream) if one.id == id_)


def written(stream: Mapping[str, Any]) -> Iterator[tuple[Option, Any]]:
    """What a stream file sets, by option."""
    for option in options():
        if all(_chooses(stream, option, key, value) for key, value in option.choices):
            yield from ((option, value) for value in at(stream, option.place))


def _chooses(stream: Mapping[str, Any], option: Option, key: Place, value: str) -> bool:
    found = list(at(stream, key))
    is_default = definition(option.model)["properties"].get(key[-1], {}).get("default") == value
    return value in found or (is_default and not found)


def at(value: Any, place: Place) -> Iterator[Any]:
    """What a stream file has there, if anything; several values in a list of tables."""
    if not place:
        yield value
    elif place[0] == "[]":
        for entry in value:
            yield from at(entry, place[1:])
    elif place[0] in value:
        yield from at(value[place[0]], place[1:])


def outside(option: Option) -> tuple[Any, ...]:
    """Values that must be refused: of another kind, no choice, just outside the bounds."""
    item = option.schema
    if item.get("type") == "array":
        items = item["items"]
        wrong = [[value] for value in _outside(items)]
        least: list[Any] = [[]] if item.get("minItems") else []
        return (*wrong, *least, NO_SUCH)
    return tuple(_outside(item))


def _outside(item: Schema) -> Iterator[Any]:
    if "const" in item or "enum" in item:
        choices = [item["const"]] if "const" in item else item["enum"]
        yield NO_SUCH if isinstance(choices[0], str) else max(choices) + 1
    if "minimum" in item:
        yield item["minimum"] - 1
    if "maximum" in item:
        yield item["maximum"] + 1
    if "maxLength" in item:
        yield "x" * (item["maxLength"] + 1)
    if "minLength" in item:
        yield ""
    if "pattern" in item:
        yield next(one for one in ("!", " ", "/") if not re.search(item["pattern"], one))
    yield OF_ANOTHER_KIND[item.get("type", "number")]


OF_ANOTHER_KIND: Mapping[str, Any] = {
    "string": 7,
    "integer": "7",
    "number": "7",
    "boolean": "yes",
    "object": "none",
}
