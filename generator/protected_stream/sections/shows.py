"""EventBridge Scheduler: starts and stops the channel for planned shows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from awacs import medialive as may_medialive
from awacs import sqs as may_sqs
from awacs import ssm as may_ssm
from awacs.aws import (
    Allow,
    ArnNotEquals,
    Bool,
    Condition,
    Deny,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
)
from troposphere import AWSHelperFn, AWSObject, Output, Ref, Sub, iam, medialive, scheduler, sqs

from protected_stream.reading.planned import Act, Planned
from protected_stream.sections.channel_guard import NOTES, ScheduleOptions
from protected_stream.sections.show_times import planned_of
from protected_stream.template.iam import Roles, trusted_service
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.section import Section

SERVICE = "scheduler.amazonaws.com"
GROUP_NAME_LIMIT = 64
PLANNED = "planned"
"""The guard's note of the last planned start or stop; a test compares it with the function's."""
RETRIES, RETRY_SECONDS = 3, 300
"""A start that comes later could put a show that was stopped by hand on the air again.

EventBridge Scheduler would retry for a day, 185 times. Source: its API reference, RetryPolicy.
"""
RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message. Source: Amazon SQS API Reference, SetQueueAttributes."""
# Source: EventBridge Scheduler User Guide, "Adding context attributes"
SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
OPERATIONS: Mapping[Act, str] = {"start": "startChannel", "stop": "stopChannel"}


def shows(options: ScheduleOptions, roles: Roles, *, channel: medialive.Channel) -> Section:
    """The schedules; an empty section without shows.

    Each start and stop has two schedules, as a schedule has one target: one calls MediaLive, and
    one notes in Parameter Store what is planned now, for the channel guard. It makes up for a start
    or stop that an update of the stack prevented, and does not restart the channel after an update
    if the show has ended meanwhile.
    """
    if not options.shows:
        return Section(source="schedule")
    group = scheduler.ScheduleGroup(
        "Shows",
        Metadata=why("the schedules of this stream, as one source that the role trusts"),
        Name=physical_name("shows", limit=GROUP_NAME_LIMIT),
    )
    failures = sqs.Queue(
        "ShowFailures",
        Metadata=why("keeps the starts and stops that failed"),
        MessageRetentionPeriod=RETENTION_SECONDS,
        SqsManagedSseEnabled=True,
    )
    role = _role(roles, group, failures, channel)
    schedules = _schedules(options, group, failures, role, channel)
    return Section(
        source="schedule",
        resources=(group, failures, role, _queue_policy(failures, role), *schedules),
        outputs=(
            Output(
                "ShowFailuresUrl",
                Description="Queue of planned starts and stops that failed",
                Value=failures.ref(),
            ),
        ),
    )


def _role(
    roles: Roles,
    group: scheduler.ScheduleGroup,
    failures: sqs.Queue,
    channel: medialive.Channel,
) -> iam.Role:
    """EventBridge Scheduler puts messages into the queue with the schedule's role, too.

    Sources: EventBridge Scheduler User Guide, "Confused deputy prevention" (the source is the
    group) and "Configuring a schedule's dead-letter queue".
    """
    return roles.role(
        "ShowsRole",
        trusted_service(
            SERVICE,
            conditions=[
                StringEquals(
                    {
                        "aws:SourceAccount": Ref("AWS::AccountId"),
                        "aws:SourceArn": group.get_att("Arn"),
                    }
                )
            ],
        ),
        [
            Statement(
                Effect=Allow,
                Action=[may_medialive.StartChannel, may_medialive.StopChannel],
                Resource=[channel.get_att("Arn")],
            ),
            Statement(
                Effect=Allow,
                Action=[may_ssm.PutParameter],
                Resource=[
                    Sub(
                        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                        f":parameter/{NOTES}/${{AWS::StackName}}/{PLANNED}"
                    )
                ],
            ),
            Statement(
                Effect=Allow, Action=[may_sqs.SendMessage], Resource=[failures.get_att("Arn")]
            ),
        ],
        "starts and stops the channel, and nothing else",
    )


def _queue_policy(failures: sqs.Queue, role: iam.Role) -> sqs.QueuePolicy:
    """The role's own policy lets it send; this one keeps everybody else from it.

    Source: Amazon SQS Developer Guide, "Amazon SQS security best practices"; IAM User Guide,
    condition key aws:PrincipalArn, which is the role's ARN for a session of the role.
    """

    def refused(action: Any, condition: Any) -> Statement:
        return Statement(
            Effect=Deny,
            Principal=Principal("*"),
            Action=[action],
            Resource=[failures.get_att("Arn")],
            Condition=Condition(condition),
        )

    return sqs.QueuePolicy(
        "ShowFailuresPolicy",
        Metadata=why("only the schedules' role puts messages into the queue, encrypted on the way"),
        Queues=[failures.ref()],
        PolicyDocument=PolicyDocument(
            Version="2012-10-17",
            Statement=[
                refused(
                    may_sqs.SendMessage, ArnNotEquals({"aws:PrincipalArn": role.get_att("Arn")})
                ),
                refused(may_sqs.Action("*"), Bool({"aws:SecureTransport": "false"})),
            ],
        ),
    )


def _schedules(
    options: ScheduleOptions,
    group: scheduler.ScheduleGroup,
    failures: sqs.Queue,
    role: iam.Role,
    channel: medialive.Channel,
) -> Iterator[AWSObject]:
    ids = {show.name: show.logical_id for show in options.shows}
    plan: Sequence[Planned] = planned_of(options.plan)
    channel_input = Sub(json.dumps({"ChannelId": "${Channel}"}), Channel=channel.ref())
    for name, edges in groupby(plan, lambda one: one.show):
        for one in edges:
            act = one.act.capitalize()
            targets: tuple[tuple[str, str, AWSHelperFn, str], ...] = (
                ("", f"medialive:{OPERATIONS[one.act]}", channel_input, f"{one.act}s the channel"),
                ("Note", "ssm:putParameter", _note(one.act), "tells the guard what is planned"),
            )
            for suffix, operation, given, reason in targets:
                yield scheduler.Schedule(
                    f"{act}{ids[name]}{suffix}",
                    Metadata=why(reason),
                    Name=f"{name}-{one.act}{'-note' if suffix else ''}",
                    GroupName=group.ref(),
                    ScheduleExpression=one.expression,
                    ScheduleExpressionTimezone=one.zone.key,
                    FlexibleTimeWindow=scheduler.FlexibleTimeWindow(Mode="OFF"),
                    Target=_target(operation, given, role, failures),
                )


def _note(act: Act) -> AWSHelperFn:
    return Sub(
        json.dumps(
            {
                "Name": f"/{NOTES}/${{AWS::StackName}}/{PLANNED}",
                "Value": f"{act} {SCHEDULED_TIME}",
                "Type": "String",
                "Overwrite": True,
            }
        )
    )


def _target(
    operation: str, given: AWSHelperFn, role: iam.Role, failures: sqs.Queue
) -> scheduler.Target:
    """Source: EventBridge Scheduler User Guide, "Using universal targets"."""
    return scheduler.Target(
        Arn=Sub(f"arn:${{AWS::Partition}}:scheduler:::aws-sdk:{operation}"),
        RoleArn=role.get_att("Arn"),
        Input=given,
        RetryPolicy=scheduler.RetryPolicy(
            MaximumRetryAttempts=RETRIES, MaximumEventAgeInSeconds=RETRY_SECONDS
        ),
        DeadLetterConfig=scheduler.DeadLetterConfig(Arn=failures.get_att("Arn")),
    )
