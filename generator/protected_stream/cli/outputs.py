"""`protected-stream outputs`: the outputs of the deployed stack."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, print_table
from protected_stream.cli.exit_status import CLEAN
from protected_stream.operator.deployed_stack import found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Prints them; returns the exit status."""
    return on_stack.run(asked, _print)


def _print(target: on_stack.Target) -> int:
    outputs = found(target.connection, target.name).outputs
    if target.asked.json:
        print_json(dict(outputs))
    else:
        print_table(("output", "value"), sorted(outputs.items()))
    return CLEAN
