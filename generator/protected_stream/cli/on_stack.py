"""What all commands on a deployed stack share: arguments, the account they name, exit status."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from protected_stream.cli.exit_status import AWS_REFUSED, DECLINED, INTERRUPTED, refuse, say
from protected_stream.errors import AwsError
from protected_stream.operator.clock import Clock
from protected_stream.operator.connection import Connection, connect
from protected_stream.reading.written import name_in


@dataclass(frozen=True, kw_only=True)
class Target:
    """The stack that a command is for; it need not exist."""

    connection: Connection
    name: str
    asked: argparse.Namespace
    """The command's arguments."""
    clock: Clock = field(default_factory=Clock)


class Declined(Exception):
    """The operator does not want what the command would do; nothing has been changed."""


def add_arguments(parser: argparse.ArgumentParser, *, asks: bool = False) -> None:
    """Adds the arguments of a command on a stack.

    Args:
        parser: the command's.
        asks: whether the command asks before it changes something.
    """
    parser.add_argument("--stack", help="its name; by default, that of the build in --out")
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder of the build")
    parser.add_argument("--region", help="by default, that of the AWS configuration")
    parser.add_argument("--profile", help="of the AWS configuration")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    if asks:
        parser.add_argument("--yes", action="store_true", help="do not ask")


def run(asked: argparse.Namespace, command: Callable[[Target], int]) -> int:
    """Runs a command, says first where, and returns its exit status.

    3 if AWS refuses, cannot be reached or has no such stack, 4 if the operator declines, 130 on
    Ctrl-C.
    """
    name = asked.stack or name_in(asked.out)
    if name is None:
        return refuse(f"{asked.out} has no template: name the stack with --stack, or build first.")
    try:
        connection = connect(profile=asked.profile, region=asked.region)
        say(f"account {connection.account}, Region {connection.region}, stack {name}")
        return command(Target(connection=connection, name=name, asked=asked))
    except AwsError as error:
        say(str(error))
        return AWS_REFUSED
    except Declined as answer:
        say(str(answer) or "Nothing was changed.")
        return DECLINED
    except KeyboardInterrupt as interrupt:
        say(str(interrupt) or "Interrupted.")
        return INTERRUPTED
