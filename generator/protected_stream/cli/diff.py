"""`protected-stream diff`: what an update would change, and what it means."""

import argparse
from pathlib import Path

from protected_stream.cli import on_stack
from protected_stream.cli.changes import as_data, print_changes
from protected_stream.cli.console import print_json
from protected_stream.cli.exit_status import CLEAN, FINDINGS, refuse, say
from protected_stream.errors import BuildError
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.deployment import known_values
from protected_stream.reading.changes import ANY_REGION, Change, changes
from protected_stream.reading.written import build_notes, changed_since, template_file

ANY = "any"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "old", nargs="?", type=Path, help="a template.json; by default, the deployed stack's"
    )
    parser.add_argument(
        "new", nargs="?", type=Path, help="a template.json; by default, the one in --out"
    )
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Returns 0 if nothing changes, 1 if something does, 2 for bad input."""
    try:
        if asked.stack and asked.old:  # the only file is the new one
            asked.old, asked.new = None, asked.new or asked.old
        if asked.new is None and (file := changed_since(asked.out)):
            say(f"note: {file} was changed after the build, which is what is compared here")
        new = template_file(asked.new or asked.out / "template.json")
        region = build_notes(asked.out).region
        if asked.old is None:
            asked.region = asked.region or (None if region == ANY else region)
            return on_stack.run(asked, lambda target: _with_deployed(target, new))
        old = template_file(asked.old)
    except BuildError as error:
        return refuse(str(error))
    chosen = asked.region or (ANY_REGION if region == ANY else region)
    return _print(changes(old, new, region=chosen), as_json=asked.json)


def _with_deployed(target: on_stack.Target, new: dict[str, object]) -> int:
    stack = found(target.connection, target.name)
    values = known_values(stack)
    found_changes = changes(
        stack.template,
        new,
        old_values=values,
        new_values=values,
        region=target.connection.region,
    )
    return _print(found_changes, as_json=target.asked.json)


def _print(found_changes: tuple[Change, ...], *, as_json: bool) -> int:
    if as_json:
        print_json(as_data(found_changes))
    elif found_changes:
        print_changes(found_changes)
    else:
        print("Nothing changes.")
    return FINDINGS if found_changes else CLEAN
