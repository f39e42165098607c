"""`protected-stream stop`: stops the deployed stream's channel, and waits until it is idle."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import ask, print_json, progress
from protected_stream.cli.exit_status import CLEAN
from protected_stream.operator.channel import the_channel_of
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deployed_stack import found

IDLE = ("IDLE", "STOPPING", "DELETED")
"""The states of a channel that is off the air."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser, asks=True)


def run(asked: argparse.Namespace) -> int:
    """Stops it; returns the exit status."""
    return on_stack.run(asked, _stop)


def _stop(target: on_stack.Target) -> int:
    channel = the_channel_of(found(target.connection, target.name), target.clock)
    state = channel.state()
    if state not in IDLE:
        ask(
            f"The channel {channel.id} is {state}. Stopping it takes the show off the air.",
            is_answered=target.asked.yes,
        )
    with progress() as report, goes_on("`protected-stream status` says how the channel is."):
        was_on_air = channel.stop(report)
    if target.asked.json:
        print_json({"id": channel.id, "stopped": was_on_air})
    else:
        how = "is stopped" if was_on_air else "is off the air"
        print(f"The channel {channel.id} {how}.")
    return CLEAN
