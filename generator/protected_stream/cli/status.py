"""`protected-stream status`: the deployed stream's channel, inputs, signing key and addresses."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, print_table
from protected_stream.cli.exit_status import CLEAN
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.status import rows, status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Prints it; returns the exit status."""
    return on_stack.run(asked, _print)


def _print(target: on_stack.Target) -> int:
    known = status(found(target.connection, target.name), target.clock)
    if target.asked.json:
        print_json(known)
    else:
        print_table(("what", "how it is"), rows(known))
    return CLEAN
