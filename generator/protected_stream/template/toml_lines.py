"""Line numbers of the keys in a TOML file, which tomllib does not give.

A statement of TOML (a key with its value, or a table's header) begins and ends with a line and is
valid alone. So a statement is the shortest run of lines that tomllib can read, and tomllib
also says which keys it has.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

KeyPath = tuple[str, ...]

LONGEST_STATEMENT = 100
"""Lines of the longest statement; a longer one, and what follows it, gets no line numbers.

Each of its lines is tried as its last one.
"""


def line_numbers(text: str) -> Mapping[KeyPath, int]:
    """The line of each key and table, by its path; the first one if it has several.

    The path of a table in an array of tables (`[[encoding.renditions]]`) ends with its number, from
    0, as in pydantic's errors.

    Args:
        text: valid TOML.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    count: Counter[KeyPath] = Counter()
    start = 0
    while start < len(lines):
        size, statement = _statement(lines[start : start + LONGEST_STATEMENT])
        if not size:
            break
        if lines[start].lstrip().startswith("["):
            *_, table = ((), *_paths(statement))
            if lines[start].lstrip().startswith("[["):
                count[table] += 1
                table = (*table, str(count[table] - 1))
            paths = [table[:length] for length in range(1, len(table) + 1)]
        else:
            paths = [(*table, *path) for path in _paths(statement)]
        for path in paths:
            found.setdefault(path, start + 1)
        start += size
    return found


def line_of(path: KeyPath, numbers: Mapping[KeyPath, int]) -> int | None:
    """The line of the key at this path, or of the table that lacks it; None if neither is there.

    Args:
        path: the names of the tables, and the key.
        numbers: as `line_numbers` returns them.
    """
    beginnings = (path[:length] for length in range(len(path), 0, -1))
    return next((numbers[one] for one in beginnings if one in numbers), None)


def _statement(lines: Sequence[str]) -> tuple[int, dict[str, Any]]:
    """The number of lines of the first statement, and what it says; 0 if it does not end."""
    for size in range(1, len(lines) + 1):
        try:
            return size, tomllib.loads("\n".join(lines[:size]))
        except ValueError:
            continue
    return 0, {}


def _paths(table: Mapping[str, Any]) -> Iterator[KeyPath]:
    """The path of each key in it, and of each key in the tables in it."""
    for key, value in table.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *path) for path in _paths(value))
