"""`protected-stream destroy`: deletes the deployed stack, and says what stays and why."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from protected_stream.cli import on_stack
from protected_stream.cli.console import ask_for_name, print_json, progress
from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, say
from protected_stream.errors import AwsError
from protected_stream.operator.channel import ON_AIR, channel_of
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deletion import (
    PlansUnknown,
    Remaining,
    delete,
    empty_buckets,
    in_sentences,
    progress_of_deletion,
    refuse_if_subscribed,
    remaining,
)
from protected_stream.operator.deployed_stack import DeployedStack, found
from protected_stream.operator.stack_events import Event

LATER = "A deletion that has begun goes on at AWS: `protected-stream destroy` shows its progress."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser, asks=True)


def run(asked: argparse.Namespace) -> int:
    """Deletes it; returns the exit status."""
    return on_stack.run(asked, _destroy)


def _destroy(target: on_stack.Target) -> int:
    stack = found(target.connection, target.name)
    if stack.status.endswith("_IN_PROGRESS") and stack.status != "DELETE_IN_PROGRESS":
        raise AwsError(
            f"The stack {stack.name} is in {stack.status}: delete it when that has ended."
        )
    stays = remaining(stack)
    if stack.status == "DELETE_IN_PROGRESS":
        say("The stack is being deleted already.")
        with progress() as report, goes_on(LATER):
            failed = progress_of_deletion(stack, target.clock, report)
    else:
        failed = _deleted(target, stack, stays)
    return _end(target, stack, stays, failed)


def _deleted(
    target: on_stack.Target, stack: DeployedStack, stays: Sequence[Remaining]
) -> list[Event]:
    """Deletes the stack if the operator agrees; returns the events of what was not deleted."""
    try:
        refuse_if_subscribed(stack)
    except PlansUnknown as unknown:
        say(f"note: {unknown}")
    channel = channel_of(stack, target.clock)
    is_on_air = channel is not None and channel.state() in (*ON_AIR, "STARTING")
    _say_what_happens(stack, stays)
    show = " It is ON THE AIR: the show ends." if is_on_air else ""
    ask_for_name(
        target.name,
        f"The stack {target.name} is deleted, which cannot be undone.{show}",
        is_answered=target.asked.yes,
    )
    with progress() as report:
        if is_on_air and channel:
            with goes_on("The stack is not deleted; the channel may have been stopped."):
                channel.stop(report)
        with goes_on("The stack is not deleted; a bucket may have been emptied in part."):
            empty_buckets(stack, report)
        with goes_on(LATER):
            return delete(stack, target.clock, report)


def _say_what_happens(stack: DeployedStack, stays: Sequence[Remaining]) -> None:
    gone = [id_ for id_ in stack.physical_ids.values() if id_]
    say(
        f"{len(gone) - len(stays)} resources of the stack are deleted, and its addresses with them."
    )
    say("A new stack has other addresses, and viewers need to learn them.")
    if {*stack.of_type("AWS::KMS::Key")} - {one.name for one in stays}:
        say("KMS keeps the signing key for a waiting period, in which nothing signs with it.")
    for one in stays:
        say(f"kept: {one.name} {one.id}: {one.reason}")
    if bucket := stack.parameters.get("ArtifactBucket"):
        say(f"kept: the bucket {bucket} with the functions' code, which is not the stack's")


def _say_what_is_elsewhere(target: on_stack.Target, stack: DeployedStack) -> None:
    """What a deployment has needed besides the stack."""
    if bucket := stack.parameters.get("ArtifactBucket"):
        say(f"If nothing else uses the bucket {bucket}, this deletes it and the functions' code:")
        say(f"  aws s3 rb s3://{bucket} --force --region {target.connection.region}")
    file = Path(f"parameters-{stack.name}.json")
    if file.exists():
        say(f"{file} is still here, with any stream key in it.")


def _end(
    target: on_stack.Target,
    stack: DeployedStack,
    stays: Sequence[Remaining],
    failed: list[Event],
) -> int:
    """Says how the deletion ended; returns the exit status."""
    reasons = list(in_sentences(failed))
    if target.asked.json:
        print_json(
            {
                "deleted": not failed,
                "failures": reasons,
                "kept": {one.name: one.id for one in stays},
            }
        )
    elif not failed:
        print(f"The stack {stack.name} is deleted.")
    for reason in reasons:
        say(reason)
    removals = [line for one in stays for line in one.removal]
    if removals and not failed:
        say("What is kept costs little or nothing. To delete it as well, with all that is in it:")
        for line in removals:
            say(f"  {line} --region {target.connection.region}")
    if not failed:
        _say_what_is_elsewhere(target, stack)
    return AWS_REFUSED if failed else CLEAN
