"""Short local names: the code does the same with them, and nothing else is renamed."""

import ast
from typing import Any

import pytest

from protected_stream.lambda_code.short_names import with_short_names

SOURCES = {
    "a parameter and a variable": (
        "def handler(event):\n    total = event + 1\n    return total",
        "def handler(a):\n    b = a + 1\n    return b",
    ),
    "a parameter given by name": (
        "def used(one, two):\n    return one - two\n\ndef handler(event):\n"
        "    return used(two=event, one=3)",
        "def used(one, two):\n    return one - two\n\ndef handler(a):\n"
        "    return used(two=a, one=3)",
    ),
    "a keyword-only parameter": (
        "def used(one, *, two=2, **rest):\n    return (one, two, rest)\n\ndef handler(event):\n"
        "    return used(event, more=1)",
        "def used(a, *, two=2, **b):\n    return (a, two, b)\n\ndef handler(a):\n"
        "    return used(a, more=1)",
    ),
    "a function in a function": (
        "def handler(event):\n    count = 1\n\n    def inner(more):\n        nonlocal count\n"
        "        count += more\n    inner(event)\n    return count",
        "def handler(a):\n    b = 1\n\n    def inner(c):\n        nonlocal b\n"
        "        b += c\n    inner(a)\n    return b",
    ),
    "a comprehension, a lambda, an error": (
        "def handler(event):\n    try:\n        return [one / event for one in (4, 2)]\n"
        "    except ZeroDivisionError as error:\n        show = lambda what: f'{what}!'\n"
        "        return show(type(error).__name__)",
        "def handler(a):\n    try:\n        return [d / a for d in (4, 2)]\n"
        "    except ZeroDivisionError as b:\n        c = lambda e: f'{e}!'\n"
        "        return c(type(b).__name__)",
    ),
    "a method": (
        "class Point:\n\n    def __init__(self, place):\n        self.place = place\n\n"
        "def handler(event):\n    return Point(event).place",
        "class Point:\n\n    def __init__(a, b):\n        a.place = b\n\n"
        "def handler(a):\n    return Point(a).place",
    ),
    "a name of the module": (
        "limit = 3\n\ndef handler(event):\n    limit = event\n    return [a for a in (limit,)]",
        "limit = 3\n\ndef handler(a):\n    limit = a\n    return [b for b in (limit,)]",
    ),
}


def shortened(text: str) -> str:
    tree = ast.parse(text)
    definitions = {getattr(item, "name", "limit"): item for item in tree.body}
    with_short_names(definitions, ())
    return ast.unparse(tree)


def run(text: str, event: object) -> Any:
    module: dict[str, Any] = {}
    exec(text, module)  # noqa: S102 - ours
    return module["handler"](event)


@pytest.mark.parametrize(("before", "after"), SOURCES.values(), ids=SOURCES)
def test_only_local_names_are_shortened(before: str, after: str) -> None:
    assert shortened(before) == ast.unparse(ast.parse(after))


@pytest.mark.parametrize("event", [0, 1, 2])
@pytest.mark.parametrize(("before", "after"), SOURCES.values(), ids=SOURCES)
def test_the_code_does_the_same(before: str, after: str, event: int) -> None:
    assert run(shortened(before), event) == run(before, event) == run(after, event)
