"""npm packages that package-lock.json pins: downloaded once, kept for the next build."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from protected_stream.errors import BuildError
from protected_stream.files import rename_folder
from protected_stream.package_files import downloads

KEPT = downloads()
"""Where npm's packages are kept for the next build."""
LOCK = ("package.json", "package-lock.json")
LENGTH_OF_DIGEST = 12


def node_modules(project: Path, say: Callable[[str], None]) -> Path:
    """The folder of the packages that the project's package-lock.json pins.

    Args:
        project: the folder of package.json and package-lock.json.
        say: reports slow steps to the user.

    Raises:
        BuildError: npm is missing, or cannot download them.
    """
    pins = hashlib.sha256(b"".join((project / name).read_bytes() for name in LOCK))
    folder = KEPT / f"libraries-{pins.hexdigest()[:LENGTH_OF_DIGEST]}"
    if not folder.exists():
        say(f"downloading the packages of {project.name}/package-lock.json ...")
        _fetch(project, folder)
    return folder / "node_modules"


def node(*arguments: str | Path) -> list[str]:
    """The command line that runs a script with Node.js.

    Raises:
        BuildError: Node.js is missing.
    """
    return [_program("node"), *map(str, arguments)]


def _fetch(project: Path, folder: Path) -> None:
    """Unpacks next to the folder and renames at the end, so that the folder is complete or absent.

    `npm ci` installs only what package-lock.json pins, and checks its digests
    (https://docs.npmjs.com/cli/commands/npm-ci). Packages' install scripts do not run.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        work = Path(unfinished, "work")
        work.mkdir()
        for name in LOCK:
            shutil.copyfile(project / name, work / name)
        command = [
            *(_program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            *("--no-update-notifier", "--loglevel=error", f"--cache={unfinished}/cache"),
        ]
        finished = subprocess.run(command, cwd=work, check=False, capture_output=True, text=True)  # noqa: S603 - our own words, no shell
        if finished.returncode:
            raise BuildError(
                f"npm cannot download the packages of {project.name}/package-lock.json:"
                f" {_reason(finished.stderr)}"
            )
        rename_folder(work, folder)


def _program(name: str) -> str:
    """The program next to this Python, where the extra "page" installs it; otherwise PATH's."""
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which(name, path=places)
    if found is None:
        raise BuildError(f"{name} is missing: pip install 'protected-stream[page]'")
    return found


def _reason(stderr: str) -> str:
    """The first lines of npm's error: a code, and a sentence."""
    lines = [line.removeprefix("npm error").strip() for line in stderr.splitlines()]
    return ": ".join([line for line in lines if line][:2]) or "npm gave no reason"
