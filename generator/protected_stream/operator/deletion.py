"""Deletion of a deployed stack: what prevents it, what stays, and why it failed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.errors import AwsError, printable
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock, Report, in_words
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.operator.stack_events import Event, follow, is_of_stack, newest_event
from protected_stream.reading.kept import REMOVALS, deleted_buckets, kept

PLANS_REGION = "us-east-1"
"""The only one of the Pricing Plan Manager. Source: AWS Flat-Rate Plans User Guide, "Getting
started with the PricingPlanManager API"."""
TRIES, PAUSE_SECONDS = 3, 30
"""For inputs and security groups, which MediaLive releases some time after the channel."""

ADVICE: tuple[tuple[str, str, str], ...] = (
    (
        "AWS::CloudFront::Distribution",
        "pricing plan",
        "Cancel the plan, and delete the stack when the paid month has ended.",
    ),
    ("AWS::S3::Bucket", "not empty", "Empty it, and run this command again."),
    ("AWS::MediaLive::", "", "MediaLive may release it in a few minutes: run this command again."),
)
"""What to do, by the beginning of the type and a part of the reason."""


@dataclass(frozen=True, kw_only=True)
class Remaining:
    """A resource that is kept."""

    name: str
    id: str
    type: str
    reason: str

    @property
    def removal(self) -> tuple[str, ...]:
        """The lines that delete it as well."""
        return tuple(line.format(self.id) for line in REMOVALS.get(self.type, ()))


def remaining(stack: DeployedStack) -> list[Remaining]:
    """What stays when the stack is deleted.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    return [
        Remaining(name=name, id=stack.physical_ids[name], type=kind, reason=reason)
        for name, kind, reason in kept(stack.template)
        # one whose condition is false was not created
        if stack.physical_ids.get(name)
    ]


def refuse_if_subscribed(stack: DeployedStack) -> None:
    """Refuses to delete a distribution that has a flat-rate plan, as CloudFront does, but earlier.

    Source: Amazon CloudFront Developer Guide, "Delete a distribution".

    Raises:
        AwsError: it has one.
        PlansUnknown: AWS does not say whether it has one.
    """
    ends = tuple(f":distribution/{id_}" for id_ in _distributions(stack))
    for one in _subscriptions(stack):
        if any(arn.endswith(ends) for arn in one["resourceArns"]):
            change = one.get("scheduledChange", {})
            is_ending = change.get("changeType") == "CANCELLATION"
            end = change.get("effectiveDate")
            when = f" on {in_words(end)}" if end else " when the paid month has ended"
            advice = (
                f"It ends{when}: delete the stack then."
                if is_ending
                else "Cancel it in the CloudFront console, and delete the stack when it has ended."
            )
            raise AwsError(
                f"The stack's distribution has CloudFront's flat-rate plan {one['planTier']}, and"
                f" cannot be deleted while it has. {advice} Nothing was deleted."
            )


class PlansUnknown(Exception):
    """Whether the distribution has a flat-rate plan could not be found out; the text says why."""


def _subscriptions(stack: DeployedStack) -> list[Mapping[str, Any]]:
    try:
        with explained("list CloudFront's flat-rate plans"):
            client = stack.connection.client("pricing-plan-manager", PLANS_REGION)
            pages = client.get_paginator("list_subscriptions")
            return [one for page in pages.paginate() for one in page["subscriptionSummaries"]]
    except AwsError as error:
        raise PlansUnknown(
            f"{error} If the distribution has a flat-rate plan, CloudFront refuses to delete it."
        ) from error


def _distributions(stack: DeployedStack) -> list[str]:
    return [one for one in stack.of_type("AWS::CloudFront::Distribution").values() if one]


def empty_buckets(stack: DeployedStack, report: Report) -> None:
    """Deletes every object, in every version, of the buckets that are deleted with the stack.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    client = stack.connection.client("s3")
    for name in deleted_buckets(stack.template):
        bucket = stack.physical_ids.get(name)
        if not bucket:
            continue
        report(f"emptying the bucket {bucket}")
        with explained(f"empty the bucket {bucket}"):
            for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
                objects = [
                    {"Key": one["Key"], "VersionId": one["VersionId"]}
                    for kind in ("Versions", "DeleteMarkers")
                    for one in page.get(kind, [])
                ]
                if objects:
                    client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})


def delete(
    stack: DeployedStack, clock: Clock, report: Report, *, tries: int = TRIES
) -> list[Event]:
    """Deletes the stack, and returns the events of resources that could not be deleted.

    Args:
        stack: what is deleted.
        clock: between two looks.
        report: is given a line for each resource.
        tries: how often, if only MediaLive's resources are left.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    failed: list[Event] = []
    for attempt in range(tries):
        if attempt:
            report("MediaLive has not released everything yet: trying again")
            clock.sleep(PAUSE_SECONDS)
        after = newest_event(stack.connection, stack.stack_id)
        with explained(f"delete the stack {stack.name}"):
            client = stack.connection.client("cloudformation")
            client.delete_stack(StackName=stack.stack_id)
        failed = progress_of_deletion(stack, clock, report, after=after)
        if not may_be_released(failed):
            break
    return failed


def may_be_released(failed: list[Event]) -> bool:
    """Whether another try may help: MediaLive releases some resources after the channel."""
    return bool(failed) and all(one["ResourceType"].startswith("AWS::MediaLive") for one in failed)


def progress_of_deletion(
    stack: DeployedStack, clock: Clock, report: Report, *, after: str | None = None
) -> list[Event]:
    """Reports each resource until the deletion has ended; returns the events of those that failed.

    Args:
        stack: what is deleted.
        clock: between two looks.
        report: is given a line for each resource.
        after: the ID of the last event before the deletion; None if it is in progress already.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    failed: list[Event] = []
    for event in follow(stack.connection, stack.stack_id, clock, after=after):
        if is_of_stack(event):
            if event["ResourceStatus"] == "DELETE_FAILED" and not failed:
                failed.append(event)
        else:
            report(f"{event['LogicalResourceId']}: {event['ResourceStatus']}")
            if event["ResourceStatus"] == "DELETE_FAILED":
                failed.append(event)
    return failed


def in_sentences(failed: list[Event]) -> Iterator[str]:
    """Why each resource was not deleted, and what to do."""
    for event in failed:
        kind, name = event["ResourceType"], event["LogicalResourceId"]
        reason = printable(event.get("ResourceStatusReason", "CloudFormation gives no reason"))
        sentence = f"{name} ({kind}) was not deleted: {reason.strip().rstrip('.')}."
        advice = (
            text
            for beginning, part, text in ADVICE
            if kind.startswith(beginning) and part in reason
        )
        yield " ".join(filter(None, (sentence, next(advice, ""))))
