"""The preview knows only the generated template: otherwise, it could share the project's bugs."""

import ast
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

MODULES = sorted((CHECKOUT / "preview").rglob("*.py"))
OURS = {"protected_stream", "cookies", "signing_key", "shared", "tests", "lambda_src"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_it_imports_nothing_from_the_project(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).partition(".")[0])
    assert imported & OURS == set()
