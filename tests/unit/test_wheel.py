"""The wheel: installed in a separate environment, it builds what the checkout builds."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from protected_stream.version import VERSION
from tests.conftest import CHECKOUT, STREAMS
from tests.layers import source_texts

pytestmark = pytest.mark.slow

WITH_EVERY_KIND_OF_FILE = ("default", "kms", "branded", "supplied", "own-domain")
"""Zip files, inline code, images, public keys, and the code of CloudFront Functions."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        folder,
    ]
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `protected-stream` in an environment without the checkout.

    The dependencies are not installed again, but taken from the tests' environment.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip: list[str | Path] = [
        folder / "bin" / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    subprocess.run([*pip, "--no-index", "--force-reinstall", wheel], check=True)
    return folder / "bin" / "protected-stream"


def test_it_contains_the_sources_of_functions_and_page(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        "protected_stream/edge_src/host.js",
        "protected_stream/lambda_src/cookies/app.py",
        "protected_stream/lint/cfnlintrc.yaml",
        "protected_stream/lambda_src/requirements.txt",
        "protected_stream/web_src/index.html",
        "protected_stream/web_src/package-lock.json",
        "protected_stream/web_src/strings/en.json",
    } <= set(names)
    assert not any("node_modules" in name or "__pycache__" in name for name in names)


def test_its_version_is_the_one_in_the_templates(wheel: Path) -> None:
    assert wheel.name.startswith(f"protected_stream-{VERSION}-")


def test_it_declares_what_it_imports(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    declared = re.findall(
        r"^Requires-Dist: ([\w-]+)", archive.read(metadata).decode(), re.MULTILINE
    )
    modules = {name.lower().replace("-", "_") for name in declared} | {"cfnlint", "yaml"}
    imported = {
        name.partition(".")[0]
        for text in source_texts(CHECKOUT / "generator" / "protected_stream").values()
        for name in _imported(text)
    }
    foreign = imported - {"protected_stream", *sys.stdlib_module_names}
    assert foreign - modules <= {"pydantic_core"}


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_its_commands_have_everything_they_need(command: Path, tmp_path: Path) -> None:
    """Linting reads a file of the package, and the schema covers all options."""
    _build([command], "kms", tmp_path, "template")
    schema = subprocess.run([command, "schema"], check=True, capture_output=True).stdout
    assert json.loads(schema)["title"] == "Stream"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Where checkout and wheel build one stream after the other, as a user does."""
    return tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")


@pytest.mark.parametrize("name", WITH_EVERY_KIND_OF_FILE)
def test_it_builds_elsewhere_what_the_checkout_builds(
    command: Path, name: str, folders: tuple[Path, Path]
) -> None:
    here, there = folders
    checkout: list[Path | str] = [sys.executable, "-m", "protected_stream"]
    assert _build(checkout, name, here) == _build([command], name, there)


def _build(command: list[Path | str], name: str, folder: Path, *arguments: str) -> dict[str, bytes]:
    """The files that the command writes; from earlier builds there, only zip files are kept."""
    for path in folder.glob("build/*.*"):
        path.unlink()
    for files in ("brand", "keys"):
        shutil.copytree(CHECKOUT / "examples" / files, folder / files, dirs_exist_ok=True)
    shutil.copyfile(STREAMS[name], folder / "stream.toml")
    cache = folder / "cache"
    if not cache.exists():
        cache.mkdir()
        # the functions' wheels are not downloaded again
        (cache / "protected-stream").symlink_to(CHECKOUT / "build")
    subprocess.run(
        [*command, *(arguments or ("template", "--no-lint"))],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    out = folder / "build"
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
