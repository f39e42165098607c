"""CloudFormation template in the output folder: name, size, limits, whether it needs a bucket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protected_stream.errors import BuildError

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


BUILD_FILE = "build.json"
"""What the build knows and the template does not say."""


@dataclass(frozen=True, kw_only=True)
class BuildNotes:
    """The content of BUILD_FILE."""

    region: str
    """The template's Region, or "any"."""
    sources: Mapping[str, str]
    """The table of the stream file that each resource comes from, by logical ID; none if none."""
    stream_file: str = ""
    """The file that it was built from; empty if Python code describes the stream."""

    def text(self) -> str:
        """As the file has it."""
        content = {
            "Region": self.region,
            "Sources": dict(self.sources),
            "StreamFile": self.stream_file,
        }
        return json.dumps(content, indent=2) + "\n"


def build_notes(folder: Path) -> BuildNotes:
    """The notes of the build in the folder; without the file, any Region and no tables."""
    try:
        found = json.loads((folder / BUILD_FILE).read_bytes())
        return BuildNotes(
            region=found["Region"], sources=found["Sources"], stream_file=found["StreamFile"]
        )
    except (OSError, ValueError, LookupError, TypeError):
        return BuildNotes(region="any", sources={})


def changed_since(folder: Path) -> str:
    """The stream file of the build in the folder, if it was changed after that; otherwise empty."""
    file = build_notes(folder).stream_file
    try:
        is_newer = Path(file).stat().st_mtime_ns > (folder / BUILD_FILE).stat().st_mtime_ns
    except OSError:
        return ""
    return file if file and is_newer else ""


def name_in(folder: Path) -> str | None:
    """The name of the stream whose template is in the folder; None if no stream's is."""
    try:
        document = json.loads((folder / "template.json").read_bytes())
        return str(document["Metadata"]["Generator"]["Name"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def read_template(folder: Path) -> dict[str, Any]:
    """The template in the folder of a build.

    Raises:
        BuildError: there is none.
    """
    return template_file(folder / "template.json")


def template_file(path: Path) -> dict[str, Any]:
    """The template in a file.

    Raises:
        BuildError: it cannot be read, or this project's generator has not written it.
    """
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise BuildError(f"{path}: {why}; `protected-stream template` writes one.") from None
    except ValueError:
        raise BuildError(f"{path}: is not JSON.") from None
    try:
        str(document["Metadata"]["Generator"]["Name"])
    except (LookupError, TypeError):
        raise BuildError(f"{path}: is not a template that protected-stream has written.") from None
    return document
