"""`protected-stream diagram`: draws the emitted template, for a slide or a README.

As a module, it writes docs/diagram.svg from the default stream; `make docs` runs it.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from protected_stream import Stream, assemble
from protected_stream.cli.cost import DEFAULT_TEMPLATE
from protected_stream.cli.exit_status import CLEAN, cannot_be_written, refuse
from protected_stream.errors import BuildError
from protected_stream.files import write_atomically
from protected_stream.package_files import CHECKOUT
from protected_stream.reading.diagram import as_mermaid, as_svg
from protected_stream.reading.template_file import read_template
from protected_stream.template.emit import document

FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {".svg": as_svg, ".mmd": as_mermaid}
"""How the picture is written, by the end of the file's name."""
PICTURE = CHECKOUT / "docs" / "diagram.svg"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("template", nargs="?", type=Path, default=DEFAULT_TEMPLATE)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="FILE.svg, or FILE.mmd for Mermaid"
    )


def run(asked: argparse.Namespace) -> int:
    """Returns 0, or 2 if the template cannot be read or the picture not written."""
    out: Path = asked.out
    drawn = FORMATS.get(out.suffix)
    if drawn is None:
        return refuse(f"{out}: its name must end in {' or '.join(FORMATS)}.")
    try:
        write_atomically(out, drawn(read_template(asked.template)).encode())
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    print(f"{out}: the template {asked.template}")
    return CLEAN


if __name__ == "__main__":
    write_atomically(PICTURE, as_svg(document(assemble(Stream()))).encode())
