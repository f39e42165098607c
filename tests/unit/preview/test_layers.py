"""The preview's layers: none imports from a layer above it, and there are no import cycles."""

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
    ("preview.endpoint",),
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


def test_no_layer_of_the_preview_imports_from_a_layer_above_it() -> None:
    assert upward_imports(source_texts(CHECKOUT / "preview"), LAYERS) == []


def test_the_preview_has_no_import_cycles() -> None:
    assert circle(source_texts(CHECKOUT / "preview")) == []


def test_every_module_of_the_preview_is_in_a_layer_and_every_layer_exists() -> None:
    sources = source_texts(CHECKOUT / "preview")
    assert modules_without_layer(sources, LAYERS) == []
    assert names_without_module(sources, LAYERS) == []


def test_a_valid_package_has_no_findings() -> None:
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
def test_a_cycle_is_found(planted: str) -> None:
    sources = {**SMALL_SOURCES, "small.errors": planted}
    assert set(circle(sources)) == {"small.errors", "small.high"}


def test_a_cycle_of_more_than_two_is_found_in_import_order() -> None:
    sources = {"s.a": "import s.b", "s.b": "import s.c", "s.c": "import s.a", "s.d": "import s.a"}
    found = circle(sources)
    first = found.index("s.a")
    assert [*found[first:], *found[:first]] == ["s.a", "s.b", "s.c"]


def test_a_module_without_a_layer_is_found() -> None:
    sources = {**SMALL_SOURCES, "small.attic": "", "small.lowest": "", "small.high.roof": ""}
    assert modules_without_layer(sources, SMALL) == ["small.attic", "small.lowest"]


def test_a_layer_that_does_not_exist_is_found() -> None:
    layers = (*SMALL, ("small.attic",))
    assert names_without_module(SMALL_SOURCES, layers) == ["small.attic"]


def test_the_longest_matching_name_is_a_modules_layer() -> None:
    layers = (("small.high.floor",), ("small.low",), ("small.high",))
    sources = {
        "small.high": "import small.low",
        "small.high.floor": "import small.low",
        "small.low": "",
    }
    assert upward_imports(sources, layers) == ["small.high.floor imports small.low"]


def test_relative_imports_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"small\.low has a relative import in line 1"):
        imports({**SMALL_SOURCES, "small.low": "from .pump import Pump"})
