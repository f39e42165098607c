"""Reference docs of the stream file and the linter's rules, generated from the code."""

import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from protected_stream.cli.reference import DOCS, json_schema, markdown, rules
from protected_stream.template.iam import PATH
from tests.conftest import STREAMS


def test_the_reference_matches_the_options() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "stream-file.md").read_text(encoding="utf-8") == markdown()


def test_the_schema_for_editors_matches_the_options() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "stream.schema.json").read_text(encoding="utf-8") == json_schema()


def test_the_table_of_rules_matches_the_code() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "lint.md").read_text(encoding="utf-8") == rules()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[signing]\nmode = "kms"\nrotation_days = 3',
            "Additional properties are not allowed ('rotation_days' was unexpected)",
        ),
        (
            "[signing]\ngenerations = [2, 1]",
            "Additional properties are not allowed ('generations' was unexpected)",
        ),
        (
            '[signing]\nmode = "suplied"',
            "'suplied' is not one of ['managed', 'supplied', 'kms', 'trusted-signer']",
        ),
        ('[signing]\nmode = "supplied"', "'public_keys' is a required property"),
        (
            '[former_signing]\nmode = "kms"\nx = 1',
            "Additional properties are not allowed ('x' was unexpected)",
        ),
        (
            '[signing]\nmode = "kms"\ngenerations = [2, 1]\nformer_algorithm = "dsa"',
            "'dsa' is not one of ['rsa-2048', 'ecdsa-p256']",
        ),
        ("signing = 3", "3 is not of type 'object'"),
        ('[roles]\npath = "streams"', f"'streams' does not match '^{PATH}$'"),
    ],
)
def test_the_schema_reports_a_mistake_in_one_sentence(text: str, says: str) -> None:
    validator = Draft202012Validator(json.loads(json_schema()))
    assert [error.message for error in validator.iter_errors(tomllib.loads(text))] == [says]


@pytest.mark.parametrize("name", STREAMS)
def test_the_schema_accepts_every_example(name: str) -> None:
    """Editors see a local time of TOML as its text."""
    stream = json.loads(json.dumps(tomllib.loads(STREAMS[name].read_text()), default=str))
    Draft202012Validator(json.loads(json_schema())).validate(stream)


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
