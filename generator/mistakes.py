"""pydantic's findings about stream.toml, said as a person would say them."""

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails


def mistakes(error: ValidationError, model: type[BaseModel], file_name: str) -> tuple[str, ...]:
    """One line for each mistake: the file, the key as TOML writes it, and what is wrong."""
    return tuple(
        f"{file_name}: {_place(details)}{_said(details, model)}" for details in error.errors()
    )


def _place(details: ErrorDetails) -> str:
    keys = [str(key) for key in details["loc"] if key != "[key]"]
    return f"{'.'.join(keys)}: " if keys else ""


def _said(details: ErrorDetails, model: type[BaseModel]) -> str:
    say = SENTENCES.get(details["type"])
    return say(details, model) if say else details["msg"]


def _unknown(details: ErrorDetails, model: type[BaseModel]) -> str:
    *tables, key = map(str, details["loc"])
    known = list(_fields(model, tables))
    near = get_close_matches(key, known, n=1, cutoff=0)
    kind = "table" if isinstance(details["input"], Mapping) else "key"
    return f"unknown {kind}; did you mean {near[0]}?" if near else f"unknown {kind}"


def _out_of_range(details: ErrorDetails, model: type[BaseModel]) -> str:
    field = _field(details, model)
    bounds = {
        name: getattr(rule, name)
        for rule in (field.metadata if field else ())
        for name in ("ge", "le", "min_length", "max_length")
        if getattr(rule, name, None) is not None
    }
    low, high = bounds.get("ge"), bounds.get("le")
    if low is None or high is None:
        return f"{_plain(details)}, got {_shown(details)}"
    return f"must be between {low} and {high}, got {_shown(details)}"


def _not_in_list(details: ErrorDetails, _: type[BaseModel]) -> str:
    choices = details["ctx"]["expected"].replace("'", '"').replace(" or ", ", ")
    return f"must be one of {choices}; got {_shown(details)}"


def _of_another_kind(wanted: str) -> Callable[[ErrorDetails, type[BaseModel]], str]:
    return lambda details, _: f"must be {wanted}, got {_shown(details)}"


def _pattern(details: ErrorDetails, model: type[BaseModel]) -> str:
    field = _field(details, model)
    meaning = field.description if field and field.description else details["ctx"]["pattern"]
    return f"must be {meaning}; got {_shown(details)}"


def _length(details: ErrorDetails, _: type[BaseModel]) -> str:
    bounds = {"min_length": "at least", "max_length": "at most"}
    (limit,) = (
        f"{words} {details['ctx'][name]}"
        for name, words in bounds.items()
        if name in details["ctx"]
    )
    return f"must have {limit} character(s)"


def _own_rule(details: ErrorDetails, _: type[BaseModel]) -> str:
    return str(details["ctx"]["error"])


def _plain(details: ErrorDetails, _: type[BaseModel] | None = None) -> str:
    return details["msg"][:1].lower() + details["msg"][1:]


SENTENCES: Mapping[str, Callable[[ErrorDetails, type[BaseModel]], str]] = {
    "extra_forbidden": _unknown,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "literal_error": _not_in_list,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _length,
    "string_too_long": _length,
    "string_type": _of_another_kind('text in quotes, such as "live"'),
    "int_type": _of_another_kind("a whole number"),
    "bool_type": _of_another_kind("true or false"),
    "dict_type": _of_another_kind("a table"),
    "model_type": _of_another_kind("a table"),
    "model_attributes_type": _of_another_kind("a table"),
    "value_error": _own_rule,
}


def _shown(details: ErrorDetails) -> str:
    return json.dumps(details["input"], default=str)


def _field(details: ErrorDetails, model: type[BaseModel]) -> FieldInfo | None:
    *tables, key = map(str, details["loc"])
    return _fields(model, tables).get(key)


def _fields(model: type[BaseModel], tables: list[str]) -> Mapping[str, FieldInfo]:
    """The fields of the table at that path."""
    for table in tables:
        inner: Any = model.model_fields[table].annotation if table in model.model_fields else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return {}
        model = inner
    return model.model_fields
