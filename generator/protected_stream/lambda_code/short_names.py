"""Short local names for inline code: `a` instead of `remaining_seconds`, in functions only.

The names of functions, classes, attributes and module-level values do not change, so that code in
the template and errors in a log can be found in lambda_src.
"""

import ast
import builtins
import itertools
import string
from collections.abc import Iterable, Iterator, Mapping

_SCOPES = (ast.FunctionDef, ast.Lambda)


def with_short_names(definitions: Mapping[str, ast.stmt], imported: Iterable[str]) -> None:
    """Renames the parameters and local variables of all functions, in place.

    Parameters that any call passes by name keep it.

    Args:
        definitions: all functions, classes and values of a file, by name.
        imported: the names that its imports define.
    """
    taken = {*definitions, *imported, *dir(builtins)}
    nodes = [node for item in definitions.values() for node in ast.walk(item)]
    by_keyword = {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
    for item in definitions.values():
        for scope in _outermost(item):
            names = dict.fromkeys(_local_names(scope, by_keyword))
            short = (name for name in _shortest() if name not in taken | {*by_keyword})
            new = dict(zip((name for name in names if name not in taken), short, strict=False))
            _Renamed(new).visit(scope)


def _outermost(item: ast.AST) -> Iterator[ast.AST]:
    """The functions that are not inside another one; a method is inside its class only."""
    if isinstance(item, _SCOPES):
        yield item
        return
    for child in ast.iter_child_nodes(item):
        yield from _outermost(child)


def _local_names(scope: ast.AST, by_keyword: set[str]) -> Iterator[str]:
    """The names that a function and those inside it define, except parameters given by name."""
    for node in ast.walk(scope):
        if isinstance(node, ast.arguments):
            given = {arg.arg for arg in (*node.args, *node.kwonlyargs)}
            named = given & by_keyword | {arg.arg for arg in node.kwonlyargs}
            for arg in ast.walk(node):
                if isinstance(arg, ast.arg) and arg.arg not in named:
                    yield arg.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _shortest() -> Iterator[str]:
    letters = string.ascii_lowercase
    yield from letters
    yield from map("".join, itertools.product(letters, letters))


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._names.get(node.name or "", node.name)
        return self.generic_visit(node)
