"""Line numbers of the keys in a TOML file."""

import tomllib

import pytest

from protected_stream.template.toml_lines import LONGEST_STATEMENT, line_numbers, line_of

TEXT = '''#:schema x
region = "any"

[tags] # [not.a.table]
"a.b" = "[c]"
'd' = """
[e]
f = 1
"""

[lint.ignore]
PS1 = "x"
[signing]
public_keys = [ # ]
  "one",

  "two = 2",
]
former.mode = { a = 1, "b" = [
  "c",
] }
[[many]]
key = 1
[[many]]
key = 2
'''


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")])
def test_every_key_has_its_line(text: str) -> None:
    tomllib.loads(text)
    assert dict(line_numbers(text)) == {
        ("region",): 2,
        ("tags",): 4,
        ("tags", "a.b"): 5,
        ("tags", "d"): 6,
        ("lint",): 11,
        ("lint", "ignore"): 11,
        ("lint", "ignore", "PS1"): 12,
        ("signing",): 13,
        ("signing", "public_keys"): 14,
        ("signing", "former"): 19,
        ("signing", "former", "mode"): 19,
        ("signing", "former", "mode", "a"): 19,
        ("signing", "former", "mode", "b"): 19,
        ("many",): 22,
        ("many", "0"): 22,
        ("many", "0", "key"): 23,
        ("many", "1"): 24,
        ("many", "1", "key"): 25,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("signing", "public_keys", "1"), 14),
        (("signing", "mode"), 13),
        (("many", "1", "other"), 24),
        (("many", "2", "key"), 22),
        (("viewers",), None),
        ((), None),
    ],
)
def test_a_key_that_has_no_line_has_that_of_its_table(
    path: tuple[str, ...], line: int | None
) -> None:
    assert line_of(path, line_numbers(TEXT)) == line


@pytest.mark.parametrize("separator", ["\x85", "\u2028"])
def test_only_line_breaks_of_toml_count(separator: str) -> None:
    assert line_numbers(f'a = "{separator}"\nb = 1') == {("a",): 1, ("b",): 2}


def test_what_follows_a_very_long_statement_has_no_line() -> None:
    """Rather than a wrong one."""
    text = "a = 1\nb = [\n" + "1,\n" * LONGEST_STATEMENT + "]\nc = 1\n"
    assert line_numbers(text) == {("a",): 1}
