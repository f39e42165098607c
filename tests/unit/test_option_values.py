"""The values of options, as their JSON Schema tells them."""

from typing import Any

import pytest

from tests import option_values
from tests.option_values import ABSENT, Option, inside, named, options, outside, used

SCHEMA = {
    "properties": {
        "title": {"type": "string", "default": "a", "maxLength": 3, "pattern": "^[a-z]*$"},
        "sound": {"$ref": "#/$defs/Sound", "default": {"loud": False}},
        "source": {
            "allOf": [
                {
                    "if": {"properties": {"type": {"const": "file"}}},
                    "then": {"$ref": "#/$defs/File"},
                },
                {
                    "if": {"properties": {"type": {"const": "push"}}, "required": ["type"]},
                    "then": {"$ref": "#/$defs/Push"},
                },
            ],
        },
        "rungs": {"type": "array", "items": {"$ref": "#/$defs/Rung"}},
    },
    "$defs": {
        "Sound": {"properties": {"loud": {"type": "boolean", "default": False}}},
        "File": {"properties": {"type": {"const": "file", "default": "file"}}},
        "Push": {
            "properties": {
                "type": {"const": "push"},
                "ports": {"type": "integer", "minimum": 1, "maximum": 9, "default": 2},
            },
        },
        "Rung": {
            "properties": {
                "codec": {"enum": ["avc", "hevc"], "type": "string", "default": "avc"},
                "lines": {"type": "integer", "minimum": 90, "maximum": 1080},
            },
            "required": ["lines"],
        },
    },
}


@pytest.fixture(autouse=True)
def _schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(option_values, "schema", lambda: SCHEMA)
    monkeypatch.setattr(option_values, "_written", lambda _: ())


def option(name: str) -> Option:
    """The option of that name."""
    return next(one for one in options() if str(one) == name)


def test_options_are_found_in_tables_choices_of_tables_and_lists_of_tables() -> None:
    assert [str(one) for one in options()] == [
        "title",
        "sound.loud",
        '[type = "file"] source.type',
        '[type = "push"] source.type',
        '[type = "push"] source.ports',
        "rungs.[].codec",
        "rungs.[].lines",
    ]


@pytest.mark.parametrize(
    ("name", "values", "wrong"),
    [
        ("title", ("a",), ("xxxx", "!", 7)),
        ("sound.loud", (False, True), ("yes",)),
        ('[type = "push"] source.ports', (2, 1, 5, 9), (0, 10, "7")),
        ("rungs.[].codec", ("avc", "hevc"), ("no-such-value", 7)),
        ("rungs.[].lines", (90, 585, 1080), (89, 1081, "7")),
    ],
)
def test_values_are_choices_bounds_and_what_is_just_outside(
    name: str, values: tuple[Any, ...], wrong: tuple[Any, ...]
) -> None:
    assert inside(option(name)) == values
    assert outside(option(name)) == wrong


def test_what_has_no_default_may_be_left_out_unless_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(SCHEMA["properties"], "logo", {"type": "string"})
    assert inside(option("logo")) == (ABSENT,)
    assert ABSENT not in inside(option("rungs.[].lines"))


@pytest.mark.parametrize(
    ("stream", "values"),
    [
        ({}, {("Sound.loud", False)}),
        ({"sound": {"loud": True}}, {("Sound.loud", True)}),
        ({"source": {}}, {("Sound.loud", False), ("File.type", "file")}),
        (
            {"source": {"type": "push"}, "rungs": [{"lines": 90}, {"codec": "hevc"}]},
            {
                *(("Sound.loud", False), ("Push.type", "push")),
                *(("Rung.codec", "avc"), ("Rung.codec", "hevc")),
            },
        ),
    ],
)
def test_a_default_is_used_where_its_key_or_table_is_left_out(
    stream: dict[str, Any], values: set[tuple[str, Any]]
) -> None:
    choices = {one.id for one in options() if named(one)}
    assert {(id_, value) for id_, value in used(stream) if id_ in choices} == values
