"""The files of a release: packages, templates, functions' code, bill of materials, checksums."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from protected_stream.building import build
from protected_stream.config import Stream, load
from protected_stream.errors import BuildError
from protected_stream.files import write_atomically
from protected_stream.version import VERSION
from release.bom import NAME, bill

CHECKSUMS = "SHA256SUMS"
MODE_OF_A_TEST_KEY = "supplied"
TEMPLATE_FILES = ("template.json", "template.yaml", "parameters.json")


def write(checkout: Path, folder: Path, seconds: int, say: Callable[[str], None]) -> None:
    """Writes all of it; the same commit gives the same bytes with the same Python.

    Args:
        checkout: the unchanged checkout.
        folder: where to write; replaced if it is an earlier release.
        seconds: when the commit was made, in seconds since 1970.
        say: reports slow steps to the user.

    Raises:
        BuildError: the folder contains something else, or a step fails.
        OSError: the folder cannot be written.
    """
    if folder.exists() and not (folder / CHECKSUMS).exists():
        raise BuildError(f"{folder}: exists and is not an earlier release; name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        new = Path(unfinished, "release")
        new.mkdir()
        say("building the packages ...")
        _packages(checkout, new, seconds)
        say("building the templates ...")
        _templates(streams(checkout), new, say)
        text = bill(checkout, seconds)
        write_atomically(new / f"{NAME}-{VERSION}.cdx.json", text.encode())
        write_atomically(new / CHECKSUMS, checksums(new).encode())
        if folder.exists():
            shutil.rmtree(folder)
        new.replace(folder)


def streams(checkout: Path) -> Mapping[str, Stream]:
    """The default stream and the examples.

    Those with a supplied key are left out: anyone can sign cookies with the key of an example.
    """
    files = {"default": checkout / "stream.toml"}
    files |= {path.stem: path for path in sorted((checkout / "examples").glob("*.toml"))}
    loaded = {name: load(path) for name, path in files.items()}
    return {name: of for name, of in loaded.items() if of.signing.mode != MODE_OF_A_TEST_KEY}


def checksums(folder: Path) -> str:
    """A line for each file of the folder, as `sha256sum --check` reads it."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return "".join(
        f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(files)
        if files[name].is_file()
    )


def _packages(checkout: Path, folder: Path, seconds: int) -> None:
    """Wheel and source distribution.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder.resolve())]
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [*command, "--target", "wheel", "--target", "sdist"],
        cwd=checkout,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(seconds)},
        check=False,
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        reason = finished.stderr.strip().splitlines()[-1:] or ["hatchling gave no reason"]
        raise BuildError(f"hatchling cannot build the packages: {reason[0]}")


def _templates(streams: Mapping[str, Stream], folder: Path, say: Callable[[str], None]) -> None:
    """A folder for each stream, and one with the zip files of all of them."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as built:
        for name, stream in streams.items():
            one = Path(built, name)
            build(stream, one, say)
            for file in TEMPLATE_FILES:
                target = folder / "templates" / name / file
                write_atomically(target, (one / file).read_bytes())
            for path in (one / "lambda").glob("*.zip"):
                if not (folder / "lambda" / path.name).exists():
                    write_atomically(folder / "lambda" / path.name, path.read_bytes())
