"""Reference docs of the stream file and the linter's rules, generated from the code."""

import json

from protected_stream.cli.reference import DOCS, json_schema, markdown, rules


def test_the_reference_matches_the_options() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "stream-file.md").read_text(encoding="utf-8") == markdown()


def test_the_schema_for_editors_matches_the_options() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "stream.schema.json").read_text(encoding="utf-8") == json_schema()


def test_the_table_of_rules_matches_the_code() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "lint.md").read_text(encoding="utf-8") == rules()


def test_every_key_is_explained() -> None:
    schema = json.loads(json_schema())
    tables = [schema, *schema["$defs"].values()]
    keys = [
        (name, item)
        for table in tables
        for name, item in table["properties"].items()
        if "$ref" not in item
    ]
    assert len(keys) > 20
    assert [name for name, item in keys if not item.get("description")] == []
