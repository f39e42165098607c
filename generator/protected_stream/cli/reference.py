"""The references that are written from the code: of the stream file, and of the linter's rules.

`make docs` runs this module.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from protected_stream.config import Stream
from protected_stream.files import write_atomically
from protected_stream.lint.rules import RULES
from protected_stream.package_files import CHECKOUT
from protected_stream.template.options import choosing_key, tables

DOCS = CHECKOUT / "docs"
HEAD = """# The stream file

Written by `make docs` from the options' models. Every key has a default, so an empty file is a
stream; unknown keys are refused. Editors that know [JSON Schema](stream.schema.json) complete and
check it.
"""
HEAD_OF_RULES = """# What the linter finds

`protected-stream template` (and `make template`) checks the template that it has written: with
cfn-lint, every rule on; against the SDK's models of the requests that create MediaLive's and
MediaPackage's resources; and with rules of our own for what neither of them knows. A finding is a
line: the file, the resource, the property in it, the table of the stream file that it comes from,
the ID of the rule that is broken, and what is wrong.

    build/template.json: Channel EncoderSettings.VideoDescriptions[0].Width \
[encoding]: PS1601 1921 is not even.

With findings the command exits with 1. IDs that begin with PS are in the table below; the others
are [cfn-lint's](https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md).

## Ignoring a rule

A rule that is wrong for your stream is ignored by its ID, with the reason, in the stream file:

    [lint.ignore]
    PS1105 = "the account has a resolution that the SDK does not know yet"
    W3005 = "said twice on purpose"

Its findings no longer count for the exit status, and are told with that reason:

    ignored   PS1105 Channel InputSpecification.Resolution [encoding]: \
the account has a resolution that the SDK does not know yet

An ID by which nothing is found is told, too, so that the line can be removed; it is no mistake.
What is ignored changes nothing in the template, so a cfn-lint that you run yourself knows nothing
of it: tell it in your `.cfnlintrc`, which in turn says nothing to this command.

## The rules of our own

Written by `make docs` from the rules in the code. An ID keeps its meaning for good. A source "ours"
is a judgement of this project, which AWS may not share.

| ID | what is wrong | source |
|---|---|---|
"""
CHOOSING = ("mode", "type")
"""The keys that say which of several tables one is: they come first."""
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
            heading = f"`[{name}]`" + (f' with `{choosing_key(models)} = "{mode}"`' if mode else "")
            parts.append(_table(heading, model.model_fields, meaning))
    return "\n".join(parts)


def json_schema() -> str:
    """The reference for editors, as JSON Schema."""
    return json.dumps(Stream.model_json_schema(), indent=2) + "\n"


def rules() -> str:
    """The reference of the linter's rules, for people."""
    return HEAD_OF_RULES + "".join(
        f"| {rule.id} | {rule.meaning} | {rule.source} |\n" for rule in RULES.values()
    )


def _table(heading: str, fields: dict[str, FieldInfo], meaning: str = "") -> str:
    rows = [
        f"| `{name}` | {_values(item)} | {_default(item)} | {item.description} |"
        for name, item in sorted(fields.items(), key=lambda field: field[0] not in CHOOSING)
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
    write_atomically(DOCS / "lint.md", rules().encode())
