"""The AWS CLI from PyPI (version 1) and the README's lines for it."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

BIN = CHECKOUT / ".venv-cli" / "bin"
README = (CHECKOUT / "README.md").read_text("utf-8")
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
NEEDS_CLI = pytest.mark.skipif(
    not (BIN / "aws").exists(), reason="needs the AWS CLI: make .venv-cli/for-testing"
)


def section(heading: str) -> str:
    """The text under a heading of the README, up to the next one."""
    _, *parts = HEADING.split(README)
    return dict(zip(parts[::2], parts[1::2], strict=True))[heading]


def lines(heading: str) -> list[str]:
    """The commands of a section, as the reader types them: those in blocks and those in text."""
    text = section(heading).replace("\\\n", " ")
    blocks = re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)
    inline = re.findall(r"`(aws [^`]+)`", text)
    return [" ".join(one.split()) for one in [*blocks, *inline]]


def line(heading: str, *beginning: str) -> str:
    """The one command of a section with these first words."""
    (found,) = [one for one in lines(heading) if tuple(one.split()[: len(beginning)]) == beginning]
    return found


def run(
    command: str, folder: Path, env: Mapping[str, str], names: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Runs a command in a shell, with values for the names that the README says to replace."""
    for name, value in names.items():
        command = re.sub(rf"\b{name}\b(?!=)", shlex.quote(value), command)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )
