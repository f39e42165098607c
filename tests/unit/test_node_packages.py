"""npm packages are installed exactly as pinned, or not at all."""

import json
import shutil
from pathlib import Path

import pytest

from protected_stream.errors import BuildError
from protected_stream.page import node_packages
from protected_stream.page.bundle import SOURCES
from protected_stream.page.node_packages import LOCK, node, node_modules


def silent(_: str) -> None:
    """Reports nothing."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project like the page's, whose packages are not downloaded yet."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in LOCK:
        shutil.copyfile(SOURCES / name, folder / name)
    monkeypatch.setattr(node_packages, "KEPT", tmp_path / "kept")
    return folder


def test_packages_are_downloaded_once(project: Path) -> None:
    said: list[str] = []
    modules = node_modules(project, said.append)
    assert (modules / "oidc-client-ts" / "package.json").is_file()
    assert node_modules(project, said.append) == modules
    assert said == ["downloading the packages of project/package-lock.json ..."]
    assert sorted(path.name for path in project.iterdir()) == sorted(LOCK)


def test_a_package_that_was_changed_in_transit_is_rejected(project: Path, tmp_path: Path) -> None:
    """And leaves no folder that looks complete."""
    lock = project / "package-lock.json"
    document = json.loads(lock.read_text())
    package = document["packages"]["node_modules/jwt-decode"]
    package["integrity"] = "sha512-" + "A" * 86 + "=="
    lock.write_text(json.dumps(document))
    with pytest.raises(BuildError, match=r"project/package-lock\.json: code EINTEGRITY"):
        node_modules(project, silent)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_machine_without_npm_is_reported(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(BuildError, match="npm is missing: pip install 'protected-stream"):
        node_modules(project, silent)
    assert list((tmp_path / "kept").iterdir()) == []
    with pytest.raises(BuildError, match="node is missing"):
        node("--version")
