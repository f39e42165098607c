"""The command line: read the stream file, write the template, lint it, tell about it.

In the place of the stream file, `schema` and `keys` do something else.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from protected_stream.build import Build, build
from protected_stream.config import load
from protected_stream.errors import BuildError, StreamError
from protected_stream.reading.summary import summary
from protected_stream.sections.signing.key_pair import ALGORITHMS, write_key_pair

CLEAN, FINDINGS, NOTHING_WRITTEN = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 written and clean, 1 lint findings, 2 bad input and nothing written."""
    words = sys.argv[1:] if arguments is None else arguments
    run = OTHER_COMMANDS.get(words[0]) if words else None
    return run(words[1:]) if run else _template(words)


def _template(words: list[str]) -> int:
    asked = _parser().parse_args(words)
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
        prog="python -m protected_stream",
        description="Turns a stream file into a CloudFormation template for a protected stream.",
        epilog='"schema" in its place prints the JSON Schema of stream files; '
        '"keys new NAME" makes a key pair for signing.mode = "supplied".',
    )
    parser.add_argument("stream", nargs="?", type=Path, default=Path("stream.toml"))
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")
    parser.add_argument(
        "--no-lint", dest="lint", action="store_false", help="write without checking"
    )
    return parser


def _schema(words: list[str]) -> int:
    argparse.ArgumentParser(prog="python -m protected_stream schema").parse_args(words)
    from protected_stream.cli.reference import json_schema  # noqa: PLC0415 - only for this

    print(json_schema(), end="")
    return CLEAN


def _keys(words: list[str]) -> int:
    """Makes a key pair, and says where its halves are and what to do with them."""
    parser = argparse.ArgumentParser(prog="python -m protected_stream keys")
    parser.add_argument("new", choices=["new"], help="make a key pair")
    parser.add_argument("name", help="NAME.pem and NAME.pub.pem are written")
    parser.add_argument("--algorithm", choices=ALGORITHMS, default=ALGORITHMS[0])
    asked = parser.parse_args(words)
    try:
        private, public, mark = write_key_pair(asked.name, asked.algorithm, Path())
    except BuildError as error:
        return _refuse(str(error))
    print(f"{private}  the private half, readable for you alone: PrivateKeyString, in one line:")
    print(f"  tr '\\n' ' ' < {shlex.quote(str(private))}")
    print(f"{public}  the public half, fingerprint {mark}: name it in signing.public_keys")
    return CLEAN


def _report(made: Build) -> bool:
    """Whether the checks found anything; says what."""
    from protected_stream.lint import findings  # noqa: PLC0415 - a second's import, not for --no-lint

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


OTHER_COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "schema": _schema,
    "keys": _keys,
}
