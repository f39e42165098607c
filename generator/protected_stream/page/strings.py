"""The page's strings: web_src/strings has a file for each language."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from protected_stream.errors import BuildError
from protected_stream.page.brand import DEFAULT_LANGUAGE


def languages(sources: Path) -> tuple[str, ...]:
    """The languages that the page can have, as BCP 47 tags.

    Args:
        sources: the folder web_src.
    """
    return tuple(sorted(path.stem for path in (sources / "strings").glob("*.json")))


def strings(sources: Path, language: str) -> Mapping[str, Any]:
    """The page's strings in that language; texts of messages are in tables.

    Args:
        sources: the folder web_src.
        language: one of `languages`.

    Raises:
        BuildError: the file is missing, is not JSON, or has other strings than the English one.
    """
    found, expected = _read(sources, language), _read(sources, DEFAULT_LANGUAGE)
    differing = sorted(set(_names(found)) ^ set(_names(expected)))
    if differing:
        raise BuildError(
            f"{_path(sources, language)} must have the same strings as {DEFAULT_LANGUAGE}.json; "
            f"these are in one of them only: {', '.join(differing)}"
        )
    return found


def _path(sources: Path, language: str) -> Path:
    return sources / "strings" / f"{language}.json"


def _read(sources: Path, language: str) -> Mapping[str, Any]:
    path = _path(sources, language)
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise BuildError(f"{path} must have a table of strings")
    return found


def _names(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The paths of all strings, such as "messages.welcome.text"; another type is part of it."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _names(value, f"{prefix}{name}.")
        else:
            kind = "" if isinstance(value, str) else f" ({type(value).__name__})"
            yield f"{prefix}{name}{kind}"
