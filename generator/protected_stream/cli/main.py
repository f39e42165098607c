"""Command line `protected-stream`: its commands."""

import argparse
from collections.abc import Mapping
from types import ModuleType

from protected_stream.cli import (
    check,
    cost,
    deploy,
    destroy,
    diagram,
    diff,
    keys,
    logs,
    outputs,
    page,
    parameters,
    plan,
    revoke,
    rotate,
    schema,
    start,
    status,
    stop,
    template,
    verify,
    viewers,
)
from protected_stream.version import VERSION

COMMANDS: Mapping[str, tuple[ModuleType, str]] = {
    "template": (template, "write and lint the template of a stream file"),
    "check": (check, "lint the templates of stream files, and write nothing"),
    "page": (page, "write the page where viewers sign in and watch"),
    "parameters": (parameters, "fill in the template's parameters for a deployment"),
    "schema": (schema, "print the JSON Schema of stream files, for editors"),
    "deploy": (deploy, "deploy the build by a change set, and upload the page"),
    "diff": (diff, "say what an update changes, and what it means for viewers and operator"),
    "outputs": (outputs, "print the outputs of the deployed stack"),
    "status": (status, "print whether the deployed stream is on the air, and how its parts are"),
    "start": (start, "start the channel, and wait until it runs"),
    "stop": (stop, "stop the channel, and wait until it is idle"),
    "viewers": (viewers, "list, invite, import and disable viewers"),
    "rotate": (rotate, "change the signing key without rejecting a viewer, or say how"),
    "revoke": (revoke, "revoke every signing key at once, or say how"),
    "logs": (logs, "print what the stack's functions and its API have logged"),
    "destroy": (destroy, "delete the deployed stack, and say what is kept"),
    "verify": (verify, "try each promise of the deployed stream, as strangers and as a viewer"),
    "keys": (keys, 'create a key pair for signing.mode = "supplied"'),
    "cost": (cost, "print what a show and a month cost, by service"),
    "plan": (plan, "print which CloudFront flat-rate plans fit, and how to subscribe"),
    "diagram": (diagram, "draw the template, as SVG or Mermaid"),
}
"""The module of each command, and what it does."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and returns its exit status; 2 for invalid arguments."""
    asked = _parser().parse_args(arguments)
    status: int = COMMANDS[asked.command][0].run(asked)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="protected-stream",
        description="Turns a stream file into a CloudFormation template for a protected stream.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (command, meaning) in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=meaning, description=meaning))
    return parser
