"""`protected-stream template`: writes, lints and summarizes the template of a stream file."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from protected_stream.building import Build, build
from protected_stream.cli.exit_status import CLEAN, FINDINGS, cannot_be_written, refuse, say
from protected_stream.config import Stream, load
from protected_stream.errors import BuildError, StreamError
from protected_stream.lint import Finding, findings
from protected_stream.reading.summary import summary

DEFAULT_FILE = Path("stream.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("stream", nargs="?", type=Path, default=DEFAULT_FILE)
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument(
        "--no-lint", dest="lint", action="store_false", help="write without linting"
    )


def run(asked: argparse.Namespace) -> int:
    """Returns 0 if written and clean, 1 for lint findings, 2 for bad input and nothing written."""
    try:
        stream = load(asked.stream)
        made = build(stream, asked.out, say, stream_file=asked.stream)
    except StreamError as error:
        return refuse(*error.lines)
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    if asked.lint and _report(made, stream.lint.ignore):
        return FINDINGS
    _note_a_missing_name(asked.stream, stream)
    print(summary(made.written))
    return CLEAN


def _note_a_missing_name(path: Path, stream: Stream) -> None:
    """Says that the commands are those of every stream file that has no name."""
    if path != DEFAULT_FILE and "name" not in stream.model_fields_set:
        say(
            f'note      {path} has no name, so the commands are for the stack "{stream.name}"; '
            f'for a stack of its own, add a line such as name = "radio"'
        )


def _report(made: Build, ignore: Mapping[str, str]) -> bool:
    """Prints the findings, which are ignored, and notes; returns whether any finding counts.

    Args:
        made: the build to check.
        ignore: why a rule is ignored, by its ID.
    """
    found = findings(made.text, made.written.region)
    counted = [one for one in found if one.rule.id not in ignore and not one.waived]
    for finding in found:
        rule_id, place = finding.rule.id, _place(finding, made.sources)
        rule_and_place = " ".join(filter(None, (rule_id, place)))
        if rule_id in ignore:
            say(f"ignored   {rule_and_place}: {ignore[rule_id]}")
        elif finding.waived:
            say(f"note      {rule_and_place}: {finding.waived}")
        else:
            file = f"{made.written.folder}/template.json"
            say(": ".join(filter(None, (file, place, f"{rule_id} {finding.message}"))))
    broken = {finding.rule.id for finding in found}
    for rule_id in ignore:
        if rule_id not in broken:
            say(f"unused    lint.ignore.{rule_id}: it ignores no finding; remove it")
    return bool(counted)


def _place(finding: Finding, sources: Mapping[str, str]) -> str:
    """The resource, the property in it, and the table of stream.toml that it comes from."""
    source = sources.get(finding.resource, "")
    return " ".join(filter(None, (finding.resource, finding.path, source and f"[{source}]")))
