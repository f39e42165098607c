"""A template that has been written to a folder, and what CloudFormation needs to take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Bytes of a template in the request itself, and of one in a bucket.
# Source: AWS CloudFormation User Guide, "Quotas", template body
REQUEST_LIMIT = 51_200
BUCKET_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """What has been written, and where."""

    document: Mapping[str, Any]
    size: int
    """Bytes of the JSON file."""
    folder: Path
    region: str
    """The Region that the template is made for, or "any"."""
    in_checkout: bool = True
    """Whether `make` is there to write the page."""

    @property
    def has_zip_files(self) -> bool:
        """Whether some functions' code comes from a bucket."""
        return "ArtifactBucket" in self.document["Parameters"]

    @property
    def needs_bucket(self) -> bool:
        """Whether a bucket is needed: for functions' code, or as the template is too large."""
        return self.has_zip_files or self.size > REQUEST_LIMIT

    @property
    def limit(self) -> int:
        """The most bytes that CloudFormation takes on the template's way to it."""
        return BUCKET_LIMIT if self.needs_bucket else REQUEST_LIMIT
