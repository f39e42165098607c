"""Lambda inline code (ZipFile): a folder of lambda_src as one readable file in the template.

The modules that its app.py imports come before it, without docstrings, comments, type annotations
and unused definitions. Only local names change, so that code in the template and errors in a log
can be found in lambda_src.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from protected_stream.lambda_code.short_names import with_short_names
from protected_stream.lambda_code.zip_bundles import SOURCES

HANDLER = "handler"
HEAD = "# lambda_src/{folder}"
INDENT = re.compile(r"^( {4})+", re.MULTILINE)
BLANK_LINES = re.compile(r"\n{2,}")


class NotInlined(ValueError):
    """The code cannot be combined into one file; the message has the module and the line."""

    def __init__(self, module: str, node: ast.stmt | ast.expr, must: str) -> None:
        super().__init__(f"{module}, line {node.lineno}: {must}")


@dataclass(frozen=True, kw_only=True)
class InlineCode:
    """One function's code in the template."""

    text: str
    # CloudFormation names the file index: AWS::Lambda::Function Code, ZipFile
    handler: str = f"index.{HANDLER}"


@dataclass(frozen=True, kw_only=True)
class _Module:
    name: str
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    """Those from outside lambda_src."""
    definitions: Mapping[str, ast.stmt]


def inline_code(folder: str, sources: Path = SOURCES) -> InlineCode:
    """The code of a folder as one file.

    Args:
        folder: the folder; its app.py has the handler.
        sources: the parent folder of the folder and of the packages that it imports.

    Raises:
        NotInlined: a module of `sources` is not imported with `from package.module import name`,
            a name is defined or imported in two places, or a module does anything but define
            functions, classes and values.
    """
    modules = _modules(f"{folder}.app", sources)
    definitions = {name: item for one in modules for name, item in one.definitions.items()}
    _check_imports(modules, definitions)
    used = _used(definitions)
    with_short_names(definitions, _imported(modules))
    lines = (
        HEAD.format(folder=folder),
        *_imports(modules, used),
        *(ast.unparse(item) for name, item in definitions.items() if name in used),
    )
    text = INDENT.sub(_narrow, BLANK_LINES.sub("\n", "\n".join(lines)))
    return InlineCode(text=_short(_dense(text)) + "\n")


def _short(text: str) -> str:
    """The text with simple statements in one line, and on that of their header if it has no others.

    Top-level statements keep their lines. Each line is whole: `ast.unparse` breaks none.
    """
    lines = _in_one_line(text.splitlines())
    depths = [_depth(line) for line in lines] + [0]
    kept: list[str] = []
    for index, line in enumerate(lines):
        is_alone = depths[index - 1] < depths[index] > depths[index + 1]
        if is_alone and _is_simple(line):
            kept[-1] += line.lstrip(" ")
        else:
            kept.append(line)
    return "\n".join(kept)


def _in_one_line(lines: Iterable[str]) -> list[str]:
    """The lines, with consecutive simple statements in one, except at the top level."""
    kept = [""]
    for line in lines:
        is_next = _depth(line) == _depth(kept[-1]) > 0
        if is_next and _is_simple(line) and _is_simple(kept[-1]):
            kept[-1] += f";{line.lstrip(' ')}"
        else:
            kept.append(line)
    return kept[1:]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_simple(line: str) -> bool:
    return not line.endswith(":") and not line.lstrip(" ").startswith("@")


def _dense(text: str) -> str:
    """The text without spaces around operators, except in strings and at the beginning of a line.

    Python 3.12 and later also split f-strings into tokens; those stay as they are.
    """
    lines = [*text.splitlines()]
    inside = 0
    spaces: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        inside += (kind == "FSTRING_START") - (kind == "FSTRING_END")
        if kind == "OP" and not inside:
            (row, start), (_, end) = token.start, token.end
            line = lines[row - 1]
            spaces += [(row, start - 1)] if line[:start].strip() and line[start - 1] == " " else []
            spaces += [(row, end)] if line[end:].startswith(" ") else []
    # two operators may be next to the same space
    for row, column in sorted(set(spaces), reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + line[column + 1 :]
    return "\n".join(lines)


def _narrow(indent: re.Match[str]) -> str:
    return " " * (len(indent[0]) // 4)


def _modules(name: str, sources: Path) -> tuple[_Module, ...]:
    """The module with that name, after those that it imports; each once."""
    found: dict[str, _Module] = {}

    def read(name: str) -> None:
        tree = _Stripped(name).visit(ast.parse(_file(name, sources).read_text(encoding="utf-8")))
        foreign = []
        for item in tree.body:
            if not isinstance(item, ast.Import | ast.ImportFrom):
                continue
            own = _own(name, item, sources)
            if own is None:
                foreign.append(item)
            elif own not in found:
                read(own)
        taken = {defined: one.name for one in found.values() for defined in one.definitions}
        found[name] = _Module(
            name=name, imports=tuple(foreign), definitions=_definitions(name, tree, taken)
        )

    read(name)
    return tuple(found.values())


def _file(module: str, sources: Path) -> Path:
    return sources.joinpath(*module.split(".")).with_suffix(".py")


def _own(module: str, item: ast.Import | ast.ImportFrom, sources: Path) -> str | None:
    """The imported module of `sources`; None if it comes from elsewhere."""
    names = [one.name for one in item.names] if isinstance(item, ast.Import) else [str(item.module)]
    if not any((sources / name.partition(".")[0]).is_dir() for name in names):
        return None
    is_module = isinstance(item, ast.ImportFrom) and _file(names[0], sources).is_file()
    if not is_module or any(one.asname for one in item.names):
        raise NotInlined(module, item, "import it with `from package.module import name`")
    return names[0]


def _definitions(module: str, tree: ast.Module, taken: Mapping[str, str]) -> dict[str, ast.stmt]:
    """What a module defines, by name; `taken` are the names of the modules before it."""
    found: dict[str, ast.stmt] = {}
    for item in tree.body:
        if isinstance(item, ast.Import | ast.ImportFrom):
            continue
        name = _name(module, item)
        if name in taken:
            raise NotInlined(module, item, f"{name} is also defined in {taken[name]}")
        found[name] = item
    return found


def _check_imports(modules: Iterable[_Module], definitions: Mapping[str, ast.stmt]) -> None:
    """Checks that each name has one origin, as the code becomes one file."""
    origins: dict[str, str] = {}
    for module in modules:
        for item in module.imports:
            for one in item.names:
                is_plain = isinstance(item, ast.Import)
                name = one.name.partition(".")[0] if is_plain else one.name
                origin = name if is_plain else str(item.module)  # type: ignore[union-attr]  # it is an ImportFrom
                if one.asname or name in definitions or origins.setdefault(name, origin) != origin:
                    raise NotInlined(module.name, item, f"{one.name} needs a unique name")


def _name(module: str, item: ast.stmt) -> str:
    if isinstance(item, ast.FunctionDef | ast.ClassDef):
        return item.name
    if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
        return item.targets[0].id
    raise NotInlined(module, item, "define functions, classes and values only")


def _used(definitions: Mapping[str, ast.stmt]) -> set[str]:
    """The names that the handler needs, including its own, wherever they are defined."""
    used: set[str] = set()
    waiting = [HANDLER]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += _names_in(definitions.get(name))
    return used


def _imported(modules: Iterable[_Module]) -> set[str]:
    """The names that the imports from outside lambda_src define."""
    names = (one.name for module in modules for item in module.imports for one in item.names)
    return {name.partition(".")[0] for name in names}


def _names_in(item: ast.stmt | None) -> list[str]:
    return [node.id for node in ast.walk(item) if isinstance(node, ast.Name)] if item else []


def _imports(modules: Iterable[_Module], used: set[str]) -> Iterator[str]:
    """The lines that import what the handler needs from elsewhere."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    for item in (item for module in modules for item in module.imports):
        if isinstance(item, ast.Import):
            plain |= {one.name for one in item.names if one.name.partition(".")[0] in used}
        else:
            names = {one.name for one in item.names if one.name in used}
            named[str(item.module)] = named.get(str(item.module), set()) | names
    if plain:
        yield f"import {', '.join(sorted(plain))}"
    for module, names in sorted(named.items()):
        if names:
            yield f"from {module} import {', '.join(sorted(names))}"


class _Stripped(ast.NodeTransformer):
    """Removes what only people and type checkers read."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = _wordless(node.body)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # the annotations in a class may be the fields of a dataclass
        node.body = [
            item if isinstance(item, ast.AnnAssign) else self.visit(item)
            for item in _wordless(node.body)
        ] or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body, node.returns = _wordless(node.body) or [ast.Pass()], None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        plain = ast.Assign([node.target], node.value)
        return self.generic_visit(ast.copy_location(plain, node))

    def visit_If(self, node: ast.If) -> ast.AST | None:
        is_for_types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if is_for_types else self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        inner = (part.value for part in node.values if isinstance(part, ast.FormattedValue))
        parts = [one for part in inner for one in ast.walk(part)]
        if any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in parts):
            # Python versions quote it differently
            raise NotInlined(
                self._module, node, "assign the expression in the f-string to a name first"
            )
        return node


def _wordless(body: list[ast.stmt]) -> list[ast.stmt]:
    return [
        item
        for item in body
        if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
    ]
