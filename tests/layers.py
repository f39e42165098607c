"""Which module of a package may import which: layers in an order, and no circles.

A package is given as the source texts of its modules, by their dotted names. All of a module's
imports count: at its top, in its functions, and those for type checkers alone.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Layers = Sequence[tuple[str, ...]]
"""From the lowest to the highest. A layer is a tuple of names of modules; the name of a package
stands for all modules in it, unless a longer name stands for some of them. The name of the root
package stands for its `__init__` alone: whatever else is in it needs a layer of its own."""


def source_texts(package: Path) -> dict[str, str]:
    """The source texts of a root package and of everything in its folder, by dotted names."""
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path.read_text("utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def imports(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """The modules among `sources` that each of them names in its imports.

    `from package import name` is an import of the module `package.name` if there is one, else of
    the package's `__init__`. That Python runs the `__init__` of every package around an imported
    module is no import here.

    Raises:
        ValueError: an import is relative.
    """
    return {
        module: {name for name in _imported(module, text, sources) if name != module}
        for module, text in sources.items()
    }


def _imported(module: str, text: str, sources: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in sources)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{module} has a relative import in line {node.lineno}.")
            for alias in node.names:
                names = (f"{node.module}.{alias.name}", str(node.module))
                yield from [name for name in names if name in sources][:1]


def upward_imports(sources: Mapping[str, str], layers: Layers) -> list[str]:
    """The imports, in words, from a higher layer than the importing module's; empty when none.

    Modules without a layer are passed over: `modules_without_layer` finds them.
    """
    return [
        f"{module} imports {name}"
        for module, names in imports(sources).items()
        for name in sorted(names)
        if (own := layer_of(module, layers)) is not None
        and (other := layer_of(name, layers)) is not None
        and other > own
    ]


def circle(sources: Mapping[str, str]) -> list[str]:
    """Modules of which each imports the next and the last one the first; empty when there is none.

    Of several circles it finds one.
    """
    importers: dict[str, set[str]] = {module: set() for module in sources}
    for module, names in imports(sources).items():
        for name in names:
            importers[name].add(module)
    try:
        TopologicalSorter(importers).prepare()
    except CycleError as error:
        return list(error.args[1][:-1])
    return []


def modules_without_layer(sources: Mapping[str, str], layers: Layers) -> list[str]:
    """The modules that no layer names."""
    return [module for module in sources if layer_of(module, layers) is None]


def names_without_module(sources: Mapping[str, str], layers: Layers) -> list[str]:
    """The names in the layers that no module has."""
    return [name for layer in layers for name in layer if name not in sources]


def layer_of(module: str, layers: Layers) -> int | None:
    """The place of a module's layer, counted from the lowest; None when no layer names it."""
    places = {name: place for place, layer in enumerate(layers) for name in layer}
    if "." not in module:
        return places.get(module)
    parts = module.split(".")
    around = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next((places[name] for name in around if name in places), None)
