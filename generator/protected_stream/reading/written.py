"""CloudFormation template in the output folder: name, size, limits, whether it needs a bucket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Maximum bytes of a template in the request itself, and of one in a bucket.
# Source: AWS CloudFormation User Guide, "Quotas", template body
REQUEST_LIMIT = 51_200
BUCKET_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """The written template, and where it is."""

    document: Mapping[str, Any]
    size: int
    """Bytes of the JSON file."""
    folder: Path
    region: str
    """The template's Region, or "any"."""
    stream_file: Path | None = None
    """The file that describes the stream; None if Python code does."""
    in_checkout: bool = True
    """Whether `make` is available to write the page."""
    notes: tuple[tuple[str, str], ...] = ()
    """What the operator must know, each with a label of at most eleven characters."""

    @property
    def name(self) -> str:
        """The stream's name, which is also the stack's."""
        name: str = self.document["Metadata"]["Generator"]["Name"]
        return name

    @property
    def has_zip_files(self) -> bool:
        """Whether some functions' code comes from a bucket."""
        return "ArtifactBucket" in self.document["Parameters"]

    @property
    def needs_bucket(self) -> bool:
        """Whether a bucket is needed: for functions' code, or because the template is too large."""
        return self.has_zip_files or self.size > REQUEST_LIMIT

    @property
    def limit(self) -> int:
        """The maximum size of the template in bytes, given how it is uploaded."""
        return BUCKET_LIMIT if self.needs_bucket else REQUEST_LIMIT


def name_in(folder: Path) -> str | None:
    """The name of the stream whose template is in the folder; None if no stream's is."""
    try:
        document = json.loads((folder / "template.json").read_bytes())
        return str(document["Metadata"]["Generator"]["Name"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
