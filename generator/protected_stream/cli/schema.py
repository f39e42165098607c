"""`protected-stream schema`: prints the JSON Schema of stream files, for editors."""

import argparse

from protected_stream.cli.exit_status import CLEAN
from protected_stream.cli.reference import json_schema


def add_arguments(_: argparse.ArgumentParser) -> None:
    """The command has no arguments."""


def run(_: argparse.Namespace) -> int:
    """Prints the schema."""
    print(json_schema(), end="")
    return CLEAN
