"""The package's layers are in order: none imports from a higher one, and no imports are cyclic."""

from tests.conftest import CHECKOUT
from tests.layers import (
    circle,
    imports,
    modules_without_layer,
    names_without_module,
    source_texts,
    upward_imports,
)

PACKAGE = CHECKOUT / "generator" / "protected_stream"
ROOMS = (
    ("errors", "files", "package_files", "version"),
    ("reading",),
    ("operator",),
    ("verify", "rehearsal"),
    # code and page do not import templates, while a function's resource refers to its code
    ("lambda_code", "page"),
    ("template",),
    ("lint",),
    ("sections",),
    ("config",),
    ("stack",),
    ("building",),
)
LAYERS = (
    *(tuple(f"protected_stream.{name}" for name in names) for names in ROOMS),
    ("protected_stream",),
    ("protected_stream.cli", "protected_stream.__main__"),
)


def test_no_layer_imports_from_a_higher_one() -> None:
    assert upward_imports(source_texts(PACKAGE), LAYERS) == []


def test_no_imports_are_cyclic() -> None:
    assert circle(source_texts(PACKAGE)) == []


def test_every_module_is_in_a_layer_and_every_layer_exists() -> None:
    sources = source_texts(PACKAGE)
    assert modules_without_layer(sources, LAYERS) == []
    assert names_without_module(sources, LAYERS) == []


def test_reading_depends_on_the_template_only() -> None:
    """So that the operator's commands can read a deployed template with it."""
    below = ("protected_stream.errors", "protected_stream.reading")
    found = imports(source_texts(PACKAGE))
    assert not [
        (module, name)
        for module, names in found.items()
        for name in names
        if module.startswith("protected_stream.reading") and not name.startswith(below)
    ]


def test_upward_imports_cycles_and_files_in_no_layer_are_found() -> None:
    sources = source_texts(PACKAGE)
    upward = {**sources, "protected_stream.template.names": "from protected_stream import stack"}
    assert upward_imports(upward, LAYERS) == [
        "protected_stream.template.names imports protected_stream.stack"
    ]
    around = {
        **sources,
        "protected_stream.reading.cost": "from protected_stream.reading.summary import summary",
    }
    assert set(circle(around)) == {
        "protected_stream.reading.cost",
        "protected_stream.reading.summary",
    }
    assert modules_without_layer({**sources, "protected_stream.new": ""}, LAYERS) == [
        "protected_stream.new"
    ]
