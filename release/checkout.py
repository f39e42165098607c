"""The checkout that a release is built from."""

import subprocess
from pathlib import Path

from protected_stream.errors import BuildError


def commit_time(checkout: Path) -> int:
    """When the checked out commit was made, in seconds since 1970.

    Raises:
        BuildError: there is none, or its files have changed since.
    """
    changed = _git(checkout, "status", "--porcelain").splitlines()
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise BuildError(
            f"{changed[0][3:]}{more}: changed since the last commit; commit or stash it first,"
            " because a release is built from a commit."
        )
    return int(_git(checkout, "log", "-1", "--format=%ct"))


def _git(checkout: Path, *arguments: str) -> str:
    try:
        finished = subprocess.run(  # noqa: S603 - our own words, no shell
            ["git", "-C", str(checkout), *arguments],  # noqa: S607 - the user's git
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise BuildError("git is missing; a release is built from a Git checkout.") from None
    if finished.returncode:
        reason = finished.stderr.strip().splitlines()[-1:] or ["git gave no reason"]
        raise BuildError(f"{checkout}: not a Git checkout with a commit: {reason[0]}")
    return finished.stdout
