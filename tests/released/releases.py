"""What has been released: a folder for each version, with stream files and their templates.

Run as a module, it adds the folder of the version that `version.py` names. Once that version is
released, its folder never changes: stacks have been deployed from such templates.
"""

import json
import shutil
import sys
from pathlib import Path

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document, documents
from protected_stream.version import VERSION
from tests.conftest import CHECKOUT, STREAMS, Document

FOLDER = CHECKOUT / "tests" / "released"
RELEASED = tuple((path.parent.name, path.stem) for path in sorted(FOLDER.glob("*/*.toml")))
"""Version and name of each stream file that is kept."""


def released(version: str, name: str) -> Document:
    """The template that this version built from the stream file."""
    return dict(json.loads((FOLDER / version / f"{name}.json").read_text("utf-8")))


def today(version: str, name: str) -> Document:
    """The template that the checkout builds from the same stream file."""
    return document(assemble(load(FOLDER / version / f"{name}.toml")))


def keep(folder: Path) -> None:
    """Writes the default stream's file and every example, each with its template."""
    for files in ("brand", "keys"):
        shutil.copytree(CHECKOUT / "examples" / files, folder / files)
    for name, path in STREAMS.items():
        shutil.copyfile(path, folder / f"{name}.toml")
        template = documents(assemble(load(path))).json
        (folder / f"{name}.json").write_text(template, encoding="utf-8")


if __name__ == "__main__":
    if (FOLDER / VERSION).exists():
        sys.exit(f"tests/released/{VERSION} exists; a release never changes: raise VERSION.")
    keep(FOLDER / VERSION)
