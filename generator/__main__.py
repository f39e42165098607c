"""The command line: read the stream file, write the template, lint it, tell about it."""

import argparse
import sys
from pathlib import Path

from generator.build import Build, build
from generator.config import load
from generator.errors import BuildError, StreamError
from generator.summary import summary

CLEAN, FINDINGS, NOTHING_WRITTEN = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 written and clean, 1 lint findings, 2 bad input and nothing written."""
    asked = _parser().parse_args(arguments)
    try:
        made = build(load(asked.stream), asked.out, _say)
    except StreamError as error:
        return _refuse(*error.lines)
    except BuildError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: cannot be written: {error.strerror}")
    if asked.lint and _report(made):
        return FINDINGS
    print(summary(made.written))
    return CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator",
        description="Turns a stream file into a CloudFormation template for a protected stream.",
    )
    parser.add_argument("stream", nargs="?", type=Path, default=Path("stream.toml"))
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument(
        "--no-lint", dest="lint", action="store_false", help="write without checking"
    )
    return parser


def _report(made: Build) -> bool:
    """Whether the checks found anything; says what."""
    from generator.lint import findings  # noqa: PLC0415 - a second's import, not for --no-lint

    found = findings(made.text, made.written.region)
    for finding in found:
        source = made.sources.get(finding.resource, "")
        place = " ".join(filter(None, (finding.resource, finding.path, source and f"[{source}]")))
        print(f"{made.written.folder}/template.json: {place}: {finding.message}", file=sys.stderr)
    return bool(found)


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _refuse(*lines: str) -> int:
    for line in lines:
        _say(line)
    return NOTHING_WRITTEN


if __name__ == "__main__":
    sys.exit(main())
