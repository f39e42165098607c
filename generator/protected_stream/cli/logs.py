"""`protected-stream logs`: what the deployed stack's functions and its API have logged."""

import argparse
import json
import re

from protected_stream.cli import on_stack
from protected_stream.cli.exit_status import CLEAN, refuse, say
from protected_stream.errors import AwsError, printable
from protected_stream.operator.clock import moment
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.logs import Line, chosen, follow, lines, log_groups

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "source",
        nargs="?",
        metavar="FUNCTION|api|access",
        help="a function, such as CookiesFunction, or the API's log of errors or of requests; by"
        " default, everything",
    )
    parser.add_argument(
        "--since", type=_seconds, default="1h", metavar="1h", help="such as 30s, 15m, 1h or 2d"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also what Lambda writes when a function starts and when it has ended well",
    )
    parser.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Prints them; returns the exit status."""
    return on_stack.run(asked, _print)


def _seconds(text: str) -> int:
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text} is not a time such as 30s, 15m, 1h or 2d")
    return int(match[1]) * UNITS[match[2]]


def _print(target: on_stack.Target) -> int:
    asked = target.asked
    groups = log_groups(found(target.connection, target.name))
    if not groups:
        raise AwsError(f"The stack {target.name} has no logs: its creation did not get that far.")
    wanted = chosen(groups, asked.source)
    if not wanted:
        return refuse(f"There is no log of {asked.source}. There are: {', '.join(sorted(groups))}.")
    since = target.clock.now() - asked.since
    if asked.follow:
        for line in follow(target.connection, wanted, since, target.clock):
            if asked.all or not line.is_routine:
                _print_line(line, as_json=asked.json)
    found_lines = lines(target.connection, wanted, since)
    shown = [line for line in found_lines if asked.all or not line.is_routine]
    for line in shown:
        _print_line(line, as_json=asked.json)
    if not shown:
        ran = ", except that functions ran, which --all shows" if found_lines else ""
        say(f"Nothing was logged in that time{ran}.")
    return CLEAN


def _print_line(line: Line, *, as_json: bool) -> None:
    when = moment(line.at)
    if as_json:
        record = {"time": when.isoformat(), "source": line.source, "text": line.text}
        print(json.dumps(record, ensure_ascii=False), flush=True)
    else:
        print(f"{when:%Y-%m-%d %H:%M:%S} {line.source} {printable(line.text)}", flush=True)
