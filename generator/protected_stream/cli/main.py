"""Command line `protected-stream`: its commands."""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence

from protected_stream.version import VERSION

COMMANDS: Mapping[str, str] = {
    "template": "write and lint the template of a stream file",
    "check": "lint the templates of stream files, and write nothing",
    "page": "write the page where viewers sign in and watch",
    "parameters": "fill in the template's parameters for a deployment",
    "schema": "print the JSON Schema of stream files, for editors",
    "deploy": "deploy the build by a change set, and upload the page",
    "diff": "say what an update changes, and what it means for viewers and operator",
    "outputs": "print the outputs of the deployed stack",
    "status": "print whether the deployed stream is on the air, and how its parts are",
    "start": "start the channel, and wait until it runs",
    "stop": "stop the channel, and wait until it is idle",
    "viewers": "list, invite, import and disable viewers",
    "rotate": "change the signing key without rejecting a viewer, or say how",
    "revoke": "revoke every signing key at once, or say how",
    "logs": "print what the stack's functions and its API have logged",
    "destroy": "delete the deployed stack, and say what is kept",
    "verify": "try each promise of the deployed stream, as strangers and as a viewer",
    "keys": 'create a key pair for signing.mode = "supplied"',
    "cost": "print what a show and a month cost, by service",
    "plan": "print which CloudFront flat-rate plans fit, and how to subscribe",
    "diagram": "draw the template, as SVG or Mermaid",
}
"""What each command does; its module in protected_stream.cli has the command's name."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns its exit status; 2 for invalid arguments."""
    words = sys.argv[1:] if arguments is None else arguments
    asked = _parser(words).parse_args(words)
    status: int = asked.run(asked)
    return status


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser of all commands, with the arguments of those among `words`.

    Only these are imported: building needs no boto3, which takes as long to import as the rest.
    """
    parser = argparse.ArgumentParser(
        prog="protected-stream",
        description="Turns a stream file into a CloudFormation template for a protected stream.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, meaning in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        if name in words:
            module = importlib.import_module(f"protected_stream.cli.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser
