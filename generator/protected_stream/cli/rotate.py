"""`protected-stream rotate`: another signing key, without rejecting a viewer."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, progress
from protected_stream.cli.exit_status import CLEAN, FINDINGS
from protected_stream.operator.clock import goes_on, in_words, moment
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.key_change import ROTATION, key_function, rotate, steps
from protected_stream.operator.signing_key import mode_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Rotates it, or says how; returns the exit status."""
    return on_stack.run(asked, _rotate)


def _rotate(target: on_stack.Target) -> int:
    stack = found(target.connection, target.name)
    mode = mode_of(stack)
    if mode != "managed":
        how = steps(stack, ROTATION, mode)
        if target.asked.json:
            print_json({"mode": mode, "rotated": False, "steps": how})
        else:
            print("\n".join((*how, "docs/keys.md has the reasons.")))
        return FINDINGS
    function = key_function(stack)
    later = "A rotation that has begun goes on at AWS, and `protected-stream status` shows it."
    with progress() as report, goes_on(later):
        rotate(stack, target.clock, report)
    signs = moment(target.clock.now() + function.longest_run + function.grace)
    if target.asked.json:
        print_json({"mode": mode, "rotated": True, "signs_by": signs.isoformat()})
    else:
        print(
            f"The new key is trusted, and signs by {in_words(signs)}: until then, every edge"
            " location learns of it, and the old key goes on signing. There is nothing to do, and"
            " no viewer is rejected. Another rotation is possible after that."
        )
    return CLEAN
