"""Import rules for a package's modules: ordered layers, and no cycles.

A package is a mapping of its modules' dotted names to their sources. All imports of a module count:
at the top level, in functions, and those only for type checkers.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Layers = Sequence[tuple[str, ...]]
"""From lowest to highest. A layer is a tuple of module names; a package's name covers all modules
in it, except those that a longer name covers. The root package's name covers only its `__init__`:
everything else in it needs its own layer."""


def source_texts(package: Path) -> dict[str, str]:
    """The sources of a root package and of everything in its folder, by dotted name."""
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path.read_text("utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def imports(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """The modules among `sources` that each of them imports.

    `from package import name` imports the module `package.name` if it exists, otherwise the
    package's `__init__`. Python also runs the `__init__` of every package around an imported
    module; that does not count as an import here.

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
    """Descriptions of the imports from a higher layer than the importing module's.

    Modules without a layer are skipped: `modules_without_layer` finds them.
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
    """Modules of which each imports the next, and the last the first; empty if there is no cycle.

    If there are several cycles, it finds one.
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
    """The modules that are in no layer."""
    return [module for module in sources if layer_of(module, layers) is None]


def names_without_module(sources: Mapping[str, str], layers: Layers) -> list[str]:
    """The names in the layers that are not modules."""
    return [name for layer in layers for name in layer if name not in sources]


def layer_of(module: str, layers: Layers) -> int | None:
    """The index of a module's layer, from the lowest; None if it is in no layer."""
    places = {name: place for place, layer in enumerate(layers) for name in layer}
    if "." not in module:
        return places.get(module)
    parts = module.split(".")
    around = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next((places[name] for name in around if name in places), None)
