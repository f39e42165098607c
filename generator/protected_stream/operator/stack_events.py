"""CloudFormation stack events: following an operation until it has ended."""

from collections.abc import Iterator, Mapping
from typing import Any

from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock
from protected_stream.operator.connection import Connection

POLL_SECONDS = 5
OF_STACK = "AWS::CloudFormation::Stack"
BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")

Event = Mapping[str, Any]
"""As DescribeStackEvents returns it."""


def newest_event(connection: Connection, stack_id: str) -> str:
    """The ID of the stack's newest event, after which an operation's events follow.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    with explained("read the stack's events"):
        client = connection.client("cloudformation")
        events = client.describe_stack_events(StackName=stack_id)["StackEvents"]
    return str(events[0]["EventId"]) if events else ""


def follow(
    connection: Connection, stack_id: str, clock: Clock, *, after: str | None = None
) -> Iterator[Event]:
    """The events of an operation, oldest first, as they happen; ends with the operation.

    Args:
        connection: the account and Region.
        stack_id: not the name, which finds no deleted stack.
        clock: between two looks.
        after: the ID of the last event before the operation; None for one that is in progress.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    while True:
        new = list(_newest_first(connection, stack_id, after))
        yield from reversed(new)
        if any(is_of_stack(one) and not _is_under_way(one) for one in new):
            return
        after = str(new[0]["EventId"]) if new else after
        clock.sleep(POLL_SECONDS)


def is_of_stack(event: Event) -> bool:
    """Whether it is about the stack itself, and not one of its resources."""
    return (event["ResourceType"], event.get("PhysicalResourceId")) == (OF_STACK, event["StackId"])


def _is_under_way(event: Event) -> bool:
    return str(event["ResourceStatus"]).endswith("_IN_PROGRESS")


def _newest_first(connection: Connection, stack_id: str, after: str | None) -> Iterator[Event]:
    """The events down to the one with that ID; without one, to the operation's beginning."""
    pages = connection.client("cloudformation").get_paginator("describe_stack_events")
    with explained("read the stack's events"):
        for page in pages.paginate(StackName=stack_id):
            for event in page["StackEvents"]:
                if event["EventId"] == after:
                    return
                yield event
                if after is None and is_of_stack(event) and event["ResourceStatus"] in BEGINNINGS:
                    return
