"""`protected-stream check`: lints the templates of stream files; writes and downloads nothing."""

import argparse
from pathlib import Path

from protected_stream.building import assemble
from protected_stream.cli.exit_status import CLEAN, FINDINGS, refuse, say
from protected_stream.config import load
from protected_stream.errors import BuildError, StreamError
from protected_stream.lint import findings
from protected_stream.template.emit import documents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("streams", nargs="+", type=Path, metavar="STREAM_FILE")


def run(asked: argparse.Namespace) -> int:
    """Returns 0 if all files are clean, 1 for lint findings, 2 if a file has mistakes."""
    return max([_checked(path) for path in asked.streams])


def _checked(path: Path) -> int:
    try:
        stream = load(path)
        text = documents(assemble(stream)).json
    except StreamError as error:
        return refuse(*error.lines)
    except BuildError as error:
        return refuse(f"{path}: {error}")
    counted = [
        finding
        for finding in findings(text, stream.region)
        if finding.rule.id not in stream.lint.ignore
    ]
    for finding in counted:
        place = " ".join(filter(None, (finding.resource, finding.path)))
        say(f"{path}: {place}: {finding.rule.id} {finding.message}")
    return FINDINGS if counted else CLEAN
