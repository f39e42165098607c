"""Messages for stream.toml's mistakes, from pydantic's validation errors."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from protected_stream.template.options import BrokenRules, choosing_key, row, tables
from protected_stream.template.toml_lines import KeyPath, line_numbers, line_of

LONGEST_SHOWN = 60
"""Characters of a value that messages show: a longer one may be a misplaced private key."""
ALL_KEYS = "docs/stream-file.md lists all"


def validation_errors(
    error: ValidationError, model: type[BaseModel], file_name: str, text: str = ""
) -> tuple[str, ...]:
    """One line for each mistake: the file and line, the key as TOML writes it, and what is wrong.

    Args:
        error: what pydantic found.
        model: the model of the file.
        file_name: the file, as the user named it.
        text: its content; without it, messages have no line numbers.
    """
    numbers = line_numbers(text)
    mistakes = [
        (line_of(path, numbers), path, sentence)
        for details in error.errors()
        for path, sentence in _mistakes(details, model)
    ]
    return tuple(
        ": ".join(filter(None, (_file(file_name, line), ".".join(path), sentence)))
        for line, path, sentence in sorted(mistakes, key=lambda mistake: mistake[0] or 0)
    )


def _file(name: str, line: int | None) -> str:
    return f"{name}:{line}" if line else name


def _mistakes(details: ErrorDetails, model: type[BaseModel]) -> Iterator[tuple[KeyPath, str]]:
    """The path and the sentence of each mistake in one of pydantic's errors."""
    broken = details.get("ctx", {}).get("error")
    if isinstance(broken, BrokenRules):
        yield from broken.rules
    else:
        yield _path(details, model), _said(details, model)


def _path(details: ErrorDetails, model: type[BaseModel]) -> KeyPath:
    """The key's path without what pydantic adds to the name of a table with modes."""
    keys = [str(key) for key in details["loc"] if key != "[key]"]
    if len(keys) > 1 and keys[1] in _modes(model, keys[0]):
        del keys[1]
    return tuple(keys)


def _said(details: ErrorDetails, model: type[BaseModel]) -> str:
    say = SENTENCES.get(details["type"])
    return say(details, model) if say else details["msg"]


def _unknown(details: ErrorDetails, model: type[BaseModel]) -> str:
    *path, key = map(str, details["loc"])
    modes = _modes(model, path[0]) if path else []
    elsewhere = [f'"{mode}"' for mode in modes if key in _fields(model, [path[0], mode])]
    if elsewhere:
        choosing = _choosing(model, path[0])
        return f'requires {choosing} = {" or ".join(elsewhere)}, but {choosing} is "{path[1]}"'
    near = get_close_matches(key, _fields(model, path), n=1)
    kind = "table" if isinstance(details["input"], Mapping) else "key"
    return f"unknown {kind}; {f'did you mean {near[0]}?' if near else ALL_KEYS}"


def _out_of_range(details: ErrorDetails, model: type[BaseModel]) -> str:
    field = _field(details, model)
    bounds = {
        name: getattr(rule, name)
        for rule in (field.metadata if field else ())
        for name in ("ge", "le")
        if getattr(rule, name, None) is not None
    }
    both = {"ge", "le"} <= bounds.keys()
    limit = "between {ge} and {le}".format(**bounds) if both else _limit(details)
    return f"must be {limit}, got {_shown(details)}"


def _not_in_list(details: ErrorDetails, _: type[BaseModel]) -> str:
    choices = details["ctx"]["expected"].replace("'", '"').replace(" or ", ", ")
    return f"must be one of {choices}; got {_shown(details)}"


def _of_another_kind(wanted: str) -> Callable[[ErrorDetails, type[BaseModel]], str]:
    return lambda details, _: f"must be {wanted}, got {_shown(details)}"


def _length(details: ErrorDetails, _: type[BaseModel]) -> str:
    return f"must have {_limit(details)} character(s)"


def _limit(details: ErrorDetails) -> str:
    """The bound that was violated: pydantic names one of them."""
    bounds = {"ge": "at least", "min_length": "at least", "le": "at most", "max_length": "at most"}
    (limit,) = (
        f"{words} {details['ctx'][name]}"
        for name, words in bounds.items()
        if name in details["ctx"]
    )
    return limit


def _unknown_mode(details: ErrorDetails, model: type[BaseModel]) -> str:
    table = str(details["loc"][0])
    choices = ", ".join(f'"{mode}"' for mode in _modes(model, table))
    return f"{_choosing(model, table)} must be one of {choices}; got {shown(details['ctx']['tag'])}"


def _own_rule(details: ErrorDetails, _: type[BaseModel]) -> str:
    return str(details["ctx"]["error"])


def _too_many(details: ErrorDetails, _: type[BaseModel]) -> str:
    return f"must have {_limit(details)} entries, got {len(details['input'])}"


SENTENCES: Mapping[str, Callable[[ErrorDetails, type[BaseModel]], str]] = {
    "extra_forbidden": _unknown,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "literal_error": _not_in_list,
    "string_too_short": _length,
    "string_too_long": _length,
    "too_long": _too_many,
    "string_type": _of_another_kind('a quoted string, such as "live"'),
    "int_type": _of_another_kind("a whole number"),
    "bool_type": _of_another_kind("true or false"),
    "dict_type": _of_another_kind("a table"),
    "model_type": _of_another_kind("a table"),
    "model_attributes_type": _of_another_kind("a table"),
    "value_error": _own_rule,
    "union_tag_invalid": _unknown_mode,
    "missing": lambda *_: "is missing",
    "tuple_type": _of_another_kind("a list"),
}


def _shown(details: ErrorDetails) -> str:
    return shown(details["input"])


def shown(value: object) -> str:
    """The value as TOML writes it, or its length if too long."""
    try:
        text = json.dumps(value, default=str)
    except (ValueError, RecursionError):  # a number with thousands of digits, or thousands of lists
        return "a value that is too long to show"
    length = len(value if isinstance(value, str) else text)
    return text if length <= LONGEST_SHOWN else f"{length:,} characters"


def _field(details: ErrorDetails, model: type[BaseModel]) -> FieldInfo | None:
    *tables, key = map(str, details["loc"])
    return _fields(model, tables).get(key)


def _fields(model: type[BaseModel], path: list[str]) -> Mapping[str, FieldInfo]:
    """The fields of the table at that path; a mode may follow the name of a table with modes."""
    keys = list(path)
    while keys:
        field = model.model_fields.get(keys.pop(0))
        if field and (one := row(field.annotation)) and keys and keys[0].isdigit():
            del keys[0]
            model = one
            continue
        choices = tables(field.annotation) if field else {}
        mode = keys.pop(0) if keys and keys[0] in choices else ""
        if mode not in choices:
            return {}
        model = choices[mode]
    return model.model_fields


def _modes(model: type[BaseModel], table: str) -> list[str]:
    """The values of a table's `mode` or `type`; empty for a table without one."""
    return [mode for mode in _models(model, table) if mode]


def _choosing(model: type[BaseModel], table: str) -> str:
    """The key of the table that selects its model."""
    return choosing_key(_models(model, table))


def _models(model: type[BaseModel], table: str) -> Mapping[str, type[BaseModel]]:
    field = model.model_fields.get(table)
    return tables(field.annotation) if field else {}
