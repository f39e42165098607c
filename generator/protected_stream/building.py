"""Builds a stream's deployment files: template, parameters and function code."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from troposphere import Template

from protected_stream.config import Stream
from protected_stream.errors import BuildError
from protected_stream.files import write_atomically
from protected_stream.lambda_code import FunctionCode, code_of, zip_bundles
from protected_stream.lambda_code.zip_bundles import Bundle
from protected_stream.package_files import IS_CHECKOUT
from protected_stream.reading.written import BUILD_FILE, BuildNotes, Written, name_in
from protected_stream.stack import Extension, assembled, sections
from protected_stream.template import emit
from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Build:
    """The result of a build."""

    written: Written
    text: str
    """The template as JSON."""
    sources: dict[str, str]
    """The table of stream.toml, or the extension, that each resource comes from, by logical ID."""


def assemble(stream: Stream, extend: Sequence[Extension] = ()) -> Template:
    """The template of the stream, with the functions as they are in lambda_src.

    Args:
        stream: what to build.
        extend: functions that each take the stack and return another section.

    Raises:
        BuildError: an extension uses a name that is taken.
    """
    return assembled(stream, sections(stream, _code(stream), extend))


def build(
    stream: Stream,
    out: Path,
    say: Callable[[str], None] = lambda _: None,
    *,
    extend: Sequence[Extension] = (),
    stream_file: Path | None = None,
) -> Build:
    """Writes template, parameters and the functions' code.

    Args:
        stream: what to build.
        out: the folder to write to; created if missing.
        say: reports slow steps to the user.
        extend: functions that each take the stack and return another section.
        stream_file: what the stream was read from; None if Python code describes it.

    Raises:
        BuildError: the folder holds the template of a stream with another name, the functions'
            wheels cannot be downloaded, or an extension uses a name that is taken.
        OSError: the folder cannot be written.
    """
    _refuse_the_folder_of_another(stream, out)
    parts = sections(stream, _code(stream), extend)
    documents = emit.documents(assembled(stream, parts))
    used = {one.file_name: one for part in parts for one in part.code if isinstance(one, Bundle)}
    zip_bundles.write(used.values(), out / "lambda", say)
    emit.write(documents, out)
    sources = _sources(parts)
    tables = {name: one for name, one in sources.items() if one in Stream.model_fields}
    notes = BuildNotes(
        region=stream.region, sources=tables, stream_file=str(stream_file) if stream_file else ""
    )
    write_atomically(out / BUILD_FILE, notes.text().encode())
    return Build(
        written=Written(
            document=documents.document,
            size=len(documents.json.encode()),
            folder=out,
            region=stream.region,
            stream_file=stream_file,
            in_checkout=IS_CHECKOUT,
            notes=tuple((note.label, note.text) for part in parts for note in part.notes),
        ),
        text=documents.json,
        sources=sources,
    )


def _refuse_the_folder_of_another(stream: Stream, out: Path) -> None:
    """The other stream's commands, printed earlier, would deploy this template to its stack."""
    other = name_in(out)
    if other not in (None, stream.name):
        own = shlex.quote(str(out / stream.name))
        raise BuildError(
            f'{out}: holds the template of the stream "{other}"; write that of "{stream.name}" to '
            f"another folder, such as {own} (--out {own}; with make, OUT={own})"
        )


def _code(stream: Stream) -> Mapping[str, FunctionCode]:
    return code_of(architecture=stream.functions.architecture, inline=stream.signing.inline)


def _sources(parts: Sequence[Section]) -> dict[str, str]:
    return {str(resource.title): part.source for part in parts for resource in part.resources}
