"""`protected-stream start`: starts the deployed stream's channel, and waits until it runs."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, progress
from protected_stream.cli.exit_status import CLEAN, say
from protected_stream.operator.channel import guard_of, refuse_during_update, the_channel_of
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deployed_stack import DeployedStack, found
from protected_stream.reading.cost import PRICES_IN, PRICES_OF, cost


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
    sums, guard = cost(stack.template), guard_of(stack)
    left_out = sums.not_in_on_air_hour
    left_out = f" {left_out[0].upper()}{left_out[1:]}." if left_out else ""
    hours = guard.stop_after_seconds // 3600 if guard else 0
    until = f"It is stopped after {hours} hours." if hours else "It runs until you stop it."
    return (
        f"On the air it costs at least ${sums.on_air_hour:.2f} an hour, and"
        f" ${sums.viewer_hour:.2f} more for each viewer-hour ({PRICES_IN}, prices of"
        f" {PRICES_OF}).{left_out} {until}"
    )
