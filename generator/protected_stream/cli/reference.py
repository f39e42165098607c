"""The reference of the stream file, for people and for editors, written from the options' models.

`make docs` runs this module.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from protected_stream.config import Stream
from protected_stream.files import write_atomically
from protected_stream.package_files import CHECKOUT
from protected_stream.template.options import tables

DOCS = CHECKOUT / "docs"
HEAD = """# The stream file

Written by `make docs` from the options' models. Every key has a default, so an empty file is a
stream; unknown keys are refused. Editors that know [JSON Schema](stream.schema.json) complete and
check it.
"""
LISTED = {int: "whole numbers", str: "texts"}


def markdown() -> str:
    """The reference for people: a table for each table of the file."""
    items = Stream.model_fields.items()
    plain = {name: item for name, item in items if not tables(item.annotation)}
    parts = [HEAD, _table("At the top", plain)]
    told: list[dict[str, type[BaseModel]]] = []
    for name, item in items:
        models = tables(item.annotation)
        if models and models in told:
            parts.append(f"## `[{name}]`\n{item.description}\n")
            continue
        told.append(models)
        for mode, model in models.items():
            meaning = (model.__doc__ or "").splitlines()[0]
            heading = f"`[{name}]`" + (f' with `mode = "{mode}"`' if mode else "")
            parts.append(_table(heading, model.model_fields, meaning))
    return "\n".join(parts)


def json_schema() -> str:
    """The reference for editors, as JSON Schema."""
    return json.dumps(Stream.model_json_schema(), indent=2) + "\n"


def _table(heading: str, fields: dict[str, FieldInfo], meaning: str = "") -> str:
    rows = [
        f"| `{name}` | {_values(item)} | {_default(item)} | {item.description} |"
        for name, item in sorted(fields.items(), key=lambda field: field[0] != "mode")
    ]
    lines = [f"## {heading}", *([meaning, ""] if meaning else [""])]
    return "\n".join(
        [*lines, "| key | values | default | meaning |", "|---|---|---|---|", *rows, ""]
    )


def _values(item: FieldInfo) -> str:
    choices = _choices(item.annotation)
    if item.annotation in {bool, str}:
        return {bool: "`true`, `false`", str: "text"}[item.annotation]
    if item.annotation is int:
        return " to ".join(f"{bound:,}" for bound in _bounds(item))
    if isinstance(item.default_factory, type) and issubclass(item.default_factory, dict):
        return "a table of texts"
    if get_origin(item.annotation) is tuple:
        (kind, *_), _ = (get_args(part) or (part,) for part in get_args(item.annotation))
        return f"a list of {LISTED[kind]}"
    return ", ".join(f"`{json.dumps(choice)}`" for choice in choices)


def _choices(annotation: Any) -> tuple[Any, ...]:
    """What may be written where a few words are possible, or nothing."""
    inner = [choice for choice in get_args(annotation) if choice is not type(None)]
    return _choices(inner[0]) if len(inner) == 1 and get_args(inner[0]) else tuple(inner)


def _bounds(item: FieldInfo) -> Iterator[Any]:
    """The least and the greatest value."""
    for name in ("ge", "le"):
        yield from (getattr(rule, name) for rule in item.metadata if hasattr(rule, name))


def _default(item: FieldInfo) -> str:
    if item.is_required():
        return "must be given"
    return (
        "none" if item.default_factory or item.default is None else f"`{json.dumps(item.default)}`"
    )


if __name__ == "__main__":
    write_atomically(DOCS / "stream-file.md", markdown().encode())
    write_atomically(DOCS / "stream.schema.json", json_schema().encode())
