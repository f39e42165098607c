"""Templates as the mutation operators read and change them."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Template = dict[str, Any]
Path = tuple[str | int, ...]


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a document, with its path; parents first."""
    yield path, value
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, child in inner:
        yield from walk(child, (*path, key))


def _changed(template: Template, path: Path, change: Callable[[Any, Any], None]) -> Template:
    """A copy, changed at a path: `change` gets the parent of the value there, and its key.

    Everything outside the path is shared with the original.
    """
    mutated = copy.copy(template)
    parent: Any = mutated
    for key in path[:-1]:
        parent[key] = copy.copy(parent[key])
        parent = parent[key]
    change(parent, path[-1])
    return mutated


def without(template: Template, path: Path) -> Template:
    """A copy without the value at the path."""
    return _changed(template, path, lambda parent, key: parent.pop(key))


def changed_to(template: Template, path: Path, value: Any) -> Template:
    """A copy with this value at the path."""
    return _changed(template, path, lambda parent, key: parent.__setitem__(key, value))


def named(path: Path) -> str:
    """The path without the keys that every path has."""
    return "/".join(str(key) for key in path if key not in ("Resources", "Properties"))
