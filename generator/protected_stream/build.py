"""From a stream file to a folder that can be deployed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from protected_stream.config import Stream
from protected_stream.lambda_code import code_of, zip_bundles
from protected_stream.reading.written import Written
from protected_stream.stack import assembled, sections
from protected_stream.template import emit
from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Build:
    """What a build has made."""

    written: Written
    text: str
    """The template as JSON."""
    sources: dict[str, str]
    """The table of stream.toml that each resource comes from, by logical ID."""


def build(stream: Stream, folder: Path, say: Callable[[str], None]) -> Build:
    """Writes template, parameters and the functions' code.

    Args:
        stream: what to build.
        folder: where to; it is made if it is not there.
        say: tells a person what takes long.

    Raises:
        BuildError: the functions' wheels cannot be downloaded.
        OSError: the folder cannot be written.
    """
    code = code_of(architecture=stream.functions.architecture, inline=stream.signing.inline)
    parts = sections(stream, code)
    template = assembled(stream, parts)
    documents = emit.documents(template)
    zips = [item for item in code.values() if isinstance(item, zip_bundles.Bundle)]
    used = [bundle for bundle in zips if bundle.file_name in documents.json]
    zip_bundles.write(used, folder / "lambda", say)
    emit.write(documents, folder)
    return Build(
        written=Written(
            document=emit.document(template),
            size=len(documents.json.encode()),
            folder=folder,
            region=stream.region,
        ),
        text=documents.json,
        sources=_sources(parts),
    )


def _sources(parts: tuple[Section, ...]) -> dict[str, str]:
    return {str(resource.title): part.source for part in parts for resource in part.resources}
