"""The preview's rooms have an order: none imports from one above it, and no modules in a circle."""

import pytest

from tests.conftest import CHECKOUT
from tests.layers import (
    circle,
    imports,
    modules_without_layer,
    names_without_module,
    source_texts,
    upward_imports,
)

LAYERS = (
    (
        "preview",
        "preview.errors",
        "preview.resource",
        "preview.resources",
        "preview.stack_id",
    ),
    ("preview.local",),
    ("preview.services",),
    ("preview.account",),
    ("preview.hosts",),
    ("preview.cloudformation",),
    ("preview.encoder",),
    ("preview.cli",),
    ("preview.__main__",),
)
SMALL = (("small", "small.errors"), ("small.low", "small.lower"), ("small.high",))
SMALL_SOURCES = {
    "small": "",
    "small.errors": "import ast",
    "small.low": "from small.low.pump import Pump",
    "small.low.pump": "from small.errors import Leak",
    "small.lower": "import small.low.pump",
    "small.high": "from small import errors, lower",
}
PLANTED = {
    "at the top": "from small.high import roof",
    "of a module": "import small.high as roof",
    "of the package": "from small import high",
    "in a function": "def f():\n    from small.high import roof",
    "for type checkers": "if TYPE_CHECKING:\n    from small.high import Roof",
}


def test_no_room_of_the_preview_imports_from_one_above_it() -> None:
    assert upward_imports(source_texts(CHECKOUT / "preview"), LAYERS) == []


def test_no_modules_of_the_preview_import_each_other_in_a_circle() -> None:
    assert circle(source_texts(CHECKOUT / "preview")) == []


def test_every_module_of_the_preview_is_in_a_room_and_every_room_is_there() -> None:
    sources = source_texts(CHECKOUT / "preview")
    assert modules_without_layer(sources, LAYERS) == []
    assert names_without_module(sources, LAYERS) == []


def test_a_package_in_order_is_let_through() -> None:
    assert imports(SMALL_SOURCES)["small.high"] == {"small.errors", "small.lower"}
    assert upward_imports(SMALL_SOURCES, SMALL) == []
    assert circle(SMALL_SOURCES) == []
    assert modules_without_layer(SMALL_SOURCES, SMALL) == []
    assert names_without_module(SMALL_SOURCES, SMALL) == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_an_import_from_above_is_found(planted: str) -> None:
    sources = {**SMALL_SOURCES, "small.low.pump": planted}
    assert upward_imports(sources, SMALL) == ["small.low.pump imports small.high"]


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_circle_is_found(planted: str) -> None:
    sources = {**SMALL_SOURCES, "small.errors": planted}
    assert set(circle(sources)) == {"small.errors", "small.high"}


def test_a_circle_of_more_than_two_is_found_in_the_order_of_its_imports() -> None:
    sources = {"s.a": "import s.b", "s.b": "import s.c", "s.c": "import s.a", "s.d": "import s.a"}
    found = circle(sources)
    first = found.index("s.a")
    assert [*found[first:], *found[:first]] == ["s.a", "s.b", "s.c"]


def test_a_module_in_no_room_is_found() -> None:
    sources = {**SMALL_SOURCES, "small.attic": "", "small.lowest": "", "small.high.roof": ""}
    assert modules_without_layer(sources, SMALL) == ["small.attic", "small.lowest"]


def test_a_room_that_is_not_there_is_found() -> None:
    layers = (*SMALL, ("small.attic",))
    assert names_without_module(SMALL_SOURCES, layers) == ["small.attic"]


def test_the_longer_name_says_where_a_module_belongs() -> None:
    layers = (("small.high.floor",), ("small.low",), ("small.high",))
    sources = {
        "small.high": "import small.low",
        "small.high.floor": "import small.low",
        "small.low": "",
    }
    assert upward_imports(sources, layers) == ["small.high.floor imports small.low"]


def test_relative_imports_are_refused() -> None:
    with pytest.raises(ValueError, match=r"small\.low has a relative import in line 1"):
        imports({**SMALL_SOURCES, "small.low": "from .pump import Pump"})
