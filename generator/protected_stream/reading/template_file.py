"""Emitted template that a command reads back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_stream.errors import BuildError
from protected_stream.reading.written import BUCKET_LIMIT

LARGEST = 16 * BUCKET_LIMIT
"""Bytes that are read at most: CloudFormation takes far smaller templates."""


def read_template(path: Path) -> Mapping[str, Any]:
    """The template in the file.

    Raises:
        BuildError: there is none, or it is not one that this generator wrote.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BuildError(
            f"{path}: cannot be read: {error.strerror or error}; `protected-stream template` "
            "writes build/template.json."
        ) from None
    try:
        document = json.loads(content)
        is_ours = "Version" in document["Metadata"]["Generator"] and bool(document["Resources"])
    except (ValueError, LookupError, TypeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise BuildError(
            f"{path}: is not a template that this generator wrote; give its template.json."
        )
    found: Mapping[str, Any] = document
    return found
