"""MediaLive and MediaPackage v2: the stack's channels, inputs and endpoints.

Source: the API references of the two services.
"""

from collections.abc import Callable, Mapping
from typing import Any

from preview.endpoint.desk import Desk
from preview.errors import Conflict, Rejected
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError

CHANNEL, INPUT = "AWS::MediaLive::Channel", "AWS::MediaLive::Input"
PACKAGER = "AWS::MediaPackageV2::"
MADE = ("Arn", "EgressDomain")
"""The attributes of MediaPackage's resources that the preview makes."""


def describe_channel(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One MediaLive channel, with its state."""
    return _channel(desk, _there(desk, CHANNEL, asked["ChannelId"]))


def start_channel(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Starts a channel."""
    return _passed(desk, asked, desk.account.media.start)


def stop_channel(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Stops a channel."""
    return _passed(desk, asked, desk.account.media.stop)


def list_alerts(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A running channel without a source has one alert for each pipeline."""
    channel = _there(desk, CHANNEL, asked["ChannelId"])
    silent = desk.account.media.state(channel.ref) == "RUNNING" and not desk.account.media.is_fed(
        channel
    )
    return {
        "Alerts": [
            {
                "AlertType": "Input Loss",
                "Id": f"{channel.ref}-{pipeline}",
                "Message": "The encoder is not sending.",
                "PipelineId": str(pipeline),
                "State": "SET",
            }
            for pipeline in range(_pipelines(channel) if silent else 0)
        ]
    }


def describe_input(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One MediaLive input, with the addresses that an encoder pushes to."""
    input_ = _there(desk, INPUT, asked["InputId"])
    attached = [
        one.ref
        for one in desk.account.resources.of_type(CHANNEL)
        if input_.ref in {each["InputId"] for each in one.properties["InputAttachments"]}
    ]
    urls = input_.attributes.get("DestinationUrls", [])
    return {
        **input_.properties,
        "Arn": input_.attributes["Arn"],
        "AttachedChannels": attached,
        "Destinations": [{"Url": url} for url in urls],
        "Id": input_.ref,
        "SecurityGroups": input_.properties.get("InputSecurityGroups", []),
        "State": "ATTACHED" if attached else "DETACHED",
    }


def _passed(desk: Desk, asked: Mapping[str, Any], act: Callable[[str], None]) -> dict[str, Any]:
    channel = _there(desk, CHANNEL, asked["ChannelId"])
    try:
        act(channel.ref)
    except Conflict as refusal:
        raise AwsError("ConflictException", str(refusal)) from None
    except Rejected as refusal:
        raise AwsError("UnprocessableEntityException", str(refusal)) from None
    return _channel(desk, channel)


def _there(desk: Desk, kind: str, name: str) -> Resource:
    for one in desk.account.resources.of_type(kind):
        if one.ref == name and name not in desk.account.media.gone:
            return one
    noun = kind.rpartition("::")[2]
    raise AwsError("NotFoundException", f"{noun} {name} does not exist")


def _channel(desk: Desk, channel: Resource) -> dict[str, Any]:
    state = desk.account.media.state(channel.ref)
    count = _pipelines(channel) if state == "RUNNING" else 0
    return {
        **channel.properties,
        "Arn": channel.attributes["Arn"],
        "Id": channel.ref,
        "PipelineDetails": [{"PipelineId": str(number)} for number in range(count)],
        "PipelinesRunningCount": count,
        "State": state,
    }


def _pipelines(channel: Resource) -> int:
    return 1 if channel.properties.get("ChannelClass") == "SINGLE_PIPELINE" else 2
