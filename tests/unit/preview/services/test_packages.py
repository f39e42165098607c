"""A function's zip file runs here, even if its wheels are for another platform."""

import importlib.metadata
import io
import zipfile
from pathlib import Path

import pytest

from preview.errors import NotSupported, PreviewError, Rejected
from preview.services.functions.packages import unpacked

HERE = importlib.metadata.version("cryptography")


def zip_of(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def wheel(name: str, version: str, tag: str) -> dict[str, str]:
    """The files of a package as pip installs it from a wheel with that tag."""
    info = f"{name}-{version}.dist-info"
    files = {f"{name}/__init__.py": "", f"{name}/native.so": "machine code"}
    record = "".join(f"{file},sha256=x,1\n" for file in (*files, f"{info}/WHEEL"))
    return {
        **files,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n",
        f"{info}/RECORD": record + f"{info}/RECORD,,\n",
    }


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_package_for_this_machine_is_unpacked(tmp_path: Path) -> None:
    files = {"app.py": "", **wheel("thing", "1", "py3-none-any")}
    unpacked(zip_of(files), tmp_path / "task")
    assert files_in(tmp_path / "task") == files.keys()


def test_a_package_for_another_platform_is_replaced_by_the_installed_one(tmp_path: Path) -> None:
    files = {"app.py": "", **wheel("cryptography", HERE, "cp999-abi3-manylinux_2_28_vax")}
    unpacked(zip_of(files), tmp_path / "task")
    assert files_in(tmp_path / "task") == {"app.py"}


@pytest.mark.parametrize(("name", "version"), [("cryptography", "1.0"), ("nowhere", "1.0")])
def test_another_installed_version_is_an_error(tmp_path: Path, name: str, version: str) -> None:
    files = wheel(name, version, "cp999-abi3-manylinux_2_28_vax")
    with pytest.raises(PreviewError, match=f"pip install {name}=={version}"):
        unpacked(zip_of(files), tmp_path / "task")


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside.py", "a/../../outside.py"])
def test_files_outside_the_folder_are_rejected(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotSupported, match="outside"):
        unpacked(zip_of({name: ""}), tmp_path / "task")


def test_a_file_that_is_not_a_zip_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="not a zip file"):
        unpacked(b"PK?", tmp_path / "task")
