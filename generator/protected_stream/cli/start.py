"""`protected-stream start`: starts the deployed stream's channel, and waits until it runs."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, progress
from protected_stream.cli.exit_status import CLEAN, say
from protected_stream.operator.channel import guard_of, refuse_during_update, the_channel_of
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deployed_stack import DeployedStack, found
from protected_stream.reading import hourly_cost


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Starts it; returns the exit status."""
    return on_stack.run(asked, _start)


def _start(target: on_stack.Target) -> int:
    stack = found(target.connection, target.name)
    channel = the_channel_of(stack, target.clock)
    refuse_during_update(stack)
    say(_cost(stack))
    later = "`protected-stream status` says how the channel is, and `stop` stops it."
    with progress() as report, goes_on(later):
        was_idle = channel.start(report)
    watch = stack.outputs.get("WatchAddress", "")
    if target.asked.json:
        print_json({"id": channel.id, "started": was_idle, "watch": watch})
    else:
        running = "is running" if was_idle else "was running already"
        print(f"The channel {channel.id} {running}. Viewers watch at {watch}")
    return CLEAN


def _cost(stack: DeployedStack) -> str:
    """What an hour costs, and when the channel stops on its own."""
    guard = guard_of(stack)
    hours = guard.stop_after_seconds // 3600 if guard else 0
    until = f"It is stopped after {hours} hours." if hours else "It runs until you stop it."
    return f"{hourly_cost.on_air(stack.template)} {until}"
