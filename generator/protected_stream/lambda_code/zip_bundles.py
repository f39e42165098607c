"""Lambda zip files of lambda_src, with a digest of the content in the name."""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from protected_stream.errors import BuildError
from protected_stream.files import rename_folder, write_atomically
from protected_stream.package_files import downloads, sources

SOURCES = sources("lambda_src")
REQUIREMENTS = SOURCES / "requirements.txt"
WHEELS = downloads() / "wheels"
FUNCTIONS: Mapping[str, bool] = {"channel_guard": False, "cookies": True, "signing_key": True}
"""The functions' folders, and whether they need packages that Lambda's runtime lacks."""

SHARED = "shared"
PYTHON = "3.14"
LENGTH_OF_DIGEST = 12

# pip's platform tags that Amazon Linux 2023 (glibc 2.34) supports.
# Source: AWS Lambda Developer Guide, "Working with .zip file archives for Python functions"
PLATFORMS = {
    "arm64": ("manylinux2014_aarch64", "manylinux_2_28_aarch64", "manylinux_2_34_aarch64"),
    "x86_64": ("manylinux2014_x86_64", "manylinux_2_28_x86_64", "manylinux_2_34_x86_64"),
}
# the earliest time that a zip file supports
NO_TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3
PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, kw_only=True)
class Target:
    """The target platform of a bundle's wheels."""

    architecture: str
    """"arm64" or "x86_64"."""
    python: str = PYTHON
    """Version of Python, such as "3.14"."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """One function's code."""

    name: str
    """Its folder in lambda_src."""
    target: Target
    needs_wheels: bool
    """Whether it includes the wheels of lambda_src/requirements.txt."""
    sources: Mapping[str, bytes]
    """Its own files, by their paths in the zip file."""
    digest: str
    """Changes when anything in the zip file changes."""

    @property
    def handler(self) -> str:
        """The function that Lambda calls."""
        return f"{self.name}.app.handler"

    @property
    def file_name(self) -> str:
        """The name of the zip file."""
        return f"{self.name}-{self.digest}.zip"


def bundles(target: Target) -> dict[str, Bundle]:
    """The code of every function, by the name of its folder, as it is in lambda_src now."""
    return {name: _bundle(name, target) for name in FUNCTIONS}


def write(bundles: Iterable[Bundle], folder: Path, say: Callable[[str], None]) -> None:
    """Writes the missing zip files, and removes those of other versions.

    The build is reproducible: the same sources give the same bytes.

    Args:
        bundles: the functions' code.
        folder: where the zip files go.
        say: reports slow steps to the user.

    Raises:
        BuildError: pip cannot download the wheels.
    """
    wanted = tuple(bundles)
    new = [bundle for bundle in wanted if not (folder / bundle.file_name).exists()]
    # the steps that can fail come first, so that either all or nothing is written
    wheels = [_wheels(bundle.target, say) if bundle.needs_wheels else () for bundle in new]
    for bundle, its in zip(new, wheels, strict=True):
        content = _zipped({**_installed(its), **bundle.sources})
        write_atomically(folder / bundle.file_name, content)
    names = {bundle.file_name for bundle in wanted}
    for name in FUNCTIONS:
        for path in folder.glob(f"{name}-{'?' * LENGTH_OF_DIGEST}.zip"):
            if path.name not in names:
                path.unlink()


def _bundle(name: str, target: Target) -> Bundle:
    sources = {
        path.relative_to(SOURCES).as_posix(): path.read_bytes()
        for folder in (SHARED, name)
        for path in sorted((SOURCES / folder).rglob("*.py"))
    }
    content = hashlib.sha256(f"{target.architecture} {target.python}\n".encode())
    if FUNCTIONS[name]:
        content.update(REQUIREMENTS.read_bytes())
    for path, text in sorted(sources.items()):
        content.update(f"{path}\n{len(text)}\n".encode() + text)
    return Bundle(
        name=name,
        target=target,
        needs_wheels=FUNCTIONS[name],
        sources=sources,
        digest=content.hexdigest()[:LENGTH_OF_DIGEST],
    )


def _wheels(target: Target, say: Callable[[str], None]) -> tuple[Path, ...]:
    """The wheels of lambda_src/requirements.txt for the target, downloaded once."""
    pins = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:LENGTH_OF_DIGEST]
    folder = WHEELS / f"{target.architecture}-{target.python}-{pins}"
    if not folder.exists():
        say(f"downloading wheels for Lambda: Python {target.python} on {target.architecture} ...")
        _download(target, folder)
    return tuple(sorted(folder.glob("*.whl")))


def _download(target: Target, folder: Path) -> None:
    """Downloads next to the folder and renames at the end, so that it is complete or absent."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        platforms = [f"--platform={name}" for name in PLATFORMS[target.architecture]]
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--only-binary=:all:", "--no-deps", *platforms),
            *("--implementation=cp", f"--python-version={target.python}"),
            *(f"--requirement={REQUIREMENTS}", f"--dest={unfinished}/wheels"),
        ]
        finished = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own words, no shell
        if finished.returncode:
            reason = finished.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
            raise BuildError(f"pip cannot download the functions' wheels: {reason[0]}")
        rename_folder(Path(unfinished, "wheels"), folder)


def _installed(wheels: Iterable[Path]) -> dict[str, bytes]:
    """The files of the wheels as if unpacked; a wheel is a zip file (PEP 427)."""
    files = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            files.update({name: archive.read(name) for name in archive.namelist()})
    return {name: content for name, content in files.items() if not name.endswith("/")}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file of the files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
