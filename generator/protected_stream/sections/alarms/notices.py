"""EventBridge rules: what AWS itself reports on the channel and the key's rotation.

AWS delivers these events with best effort, so the alarms do not depend on them. Failed events of
the functions have no destination of their own: Lambda would mail the whole event, and that of
CloudFormation has the stream key and the URL at which anybody could answer in the function's place.
The alarms on the functions' errors and dropped events report the same without it.

Source: AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from troposphere import AWSHelperFn, events, medialive, secretsmanager, sns

from protected_stream.sections.alarms.watched import Parts
from protected_stream.template.metadata import why

PASSING = ("CREATING", "CREATED", "STARTING", "STOPPING", "UPDATING", "DELETING", "DELETED")
"""States that lead to another one. All others are reported, as AWS documents the names in one
example only: AWS Elemental MediaLive User Guide, "JSON for a state change event"."""


def notices(parts: Parts, alarms: sns.Topic) -> Iterator[events.Rule]:
    """The rules for what the stack contains."""
    for channel in parts.of(medialive.Channel):
        yield from _of_channel(channel, alarms)
    if parts.of(secretsmanager.RotationSchedule):
        yield _of_rotation(alarms)


def _of_channel(channel: medialive.Channel, alarms: sns.Topic) -> Iterator[events.Rule]:
    """Source: AWS Elemental MediaLive User Guide, "JSON for an alert event"."""
    source = {"source": ["aws.medialive"], "resources": [channel.get_att("Arn")]}
    yield _rule(
        "AlarmChannelStates",
        "says when the channel goes on and off the air",
        {
            **source,
            "detail-type": ["MediaLive Channel State Change"],
            "detail": {"state": [{"anything-but": list(PASSING)}]},
        },
        alarms,
        {"state": "$.detail.state", "time": "$.time"},
        "The MediaLive channel is <state> since <time>. If nobody asked for that: "
        "`protected-stream status`.",
    )
    yield _rule(
        "AlarmChannelAlerts",
        "says what MediaLive complains about",
        {
            **source,
            "detail-type": ["MediaLive Channel Alert"],
            "detail": {"alarm_state": ["SET"]},
        },
        alarms,
        {"pipeline": "$.detail.pipeline", "text": "$.detail.message", "time": "$.time"},
        "MediaLive on pipeline <pipeline> at <time>: <text>. First: `protected-stream status`.",
    )


def _of_rotation(alarms: sns.Topic) -> events.Rule:
    """It needs a trail of CloudTrail, and reports every secret: no documented field names it.

    Source: AWS Secrets Manager User Guide, "AWS CloudTrail entries for Secrets Manager".
    """
    return _rule(
        "AlarmRotations",
        "says that a rotation did not begin or failed, if the account has a trail",
        {
            "source": ["aws.secretsmanager"],
            "detail-type": ["AWS Service Event via CloudTrail"],
            "detail": {
                "eventSource": ["secretsmanager.amazonaws.com"],
                "eventName": ["RotationFailed", "RotationAbandoned"],
            },
        },
        alarms,
        {"what": "$.detail.eventName", "time": "$.time"},
        "Secrets Manager: <what> at <time>, of a secret in this account and Region. First: "
        "`protected-stream status` says whether it is the signing key's.",
    )


def _rule(
    title: str,
    reason: str,
    pattern: Mapping[str, Any],
    alarms: sns.Topic,
    paths: Mapping[str, str],
    text: str,
) -> events.Rule:
    """A rule with a target that receives a sentence, not the event.

    Source: Amazon EventBridge User Guide, "Amazon EventBridge input transformation": a template
    that is text is quoted.
    """
    target: AWSHelperFn = alarms.ref()
    return events.Rule(
        title,
        Metadata=why(reason),
        EventPattern=dict(pattern),
        Targets=[
            events.Target(
                Id="topic",
                Arn=target,
                InputTransformer=events.InputTransformer(
                    InputPathsMap=dict(paths), InputTemplate=f'"{text}"'
                ),
            )
        ],
    )
