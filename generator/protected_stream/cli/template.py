"""`protected-stream template`: read the stream file, write the template, lint it, summarize it."""

import argparse
import sys
from pathlib import Path

from protected_stream.build import Build, build
from protected_stream.cli.exit_status import CLEAN, FINDINGS, cannot_be_written, refuse, say
from protected_stream.config import load
from protected_stream.errors import BuildError, StreamError
from protected_stream.reading.summary import summary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.add_argument("stream", nargs="?", type=Path, default=Path("stream.toml"))
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument(
        "--no-lint", dest="lint", action="store_false", help="write without checking"
    )


def run(asked: argparse.Namespace) -> int:
    """The exit status: 0 written and clean, 1 lint findings, 2 bad input and nothing written."""
    try:
        made = build(load(asked.stream), asked.out, say)
    except StreamError as error:
        return refuse(*error.lines)
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    if asked.lint and _report(made):
        return FINDINGS
    print(summary(made.written))
    return CLEAN


def _report(made: Build) -> bool:
    """Whether the checks found anything; says what."""
    from protected_stream.lint import findings  # noqa: PLC0415 - a second's import, not for --no-lint

    found = findings(made.text, made.written.region)
    for finding in found:
        source = made.sources.get(finding.resource, "")
        place = " ".join(filter(None, (finding.resource, finding.path, source and f"[{source}]")))
        print(
            f"{made.written.folder}/template.json: {place}: {finding.rule.id} {finding.message}",
            file=sys.stderr,
        )
    return bool(found)
