"""What the preview itself knows better than moto: its stack, and its channels."""

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol
from unittest.mock import patch

from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, BaseResponse
from moto.medialive.responses import MediaLiveResponse

from preview.errors import Conflict, Rejected
from preview.services.aws.aws_error import AwsError


class Known(Protocol):
    """Who knows. Channels that are not there raise KeyError."""

    def stack_status(self, name_or_arn: str) -> str | None:
        """The status of a stack; None when there is none of that name or ARN."""

    def physical_id(self, logical_id: str) -> str | None:
        """The id of a resource of the stack; None when it is not there."""

    def channel_state(self, channel_id: str) -> str:
        """What a MediaLive channel is doing."""

    def start_channel(self, channel_id: str) -> None:
        """Begins to start it, or raises Conflict or Rejected."""

    def stop_channel(self, channel_id: str) -> None:
        """Begins to stop it, or raises Conflict."""


@contextlib.contextmanager
def own_answers(known: Known) -> Iterator[None]:
    """Moto's services with the preview's answers, as long as the context lasts."""
    answers = {
        CloudFormationResponse: {
            "describe_stacks": _describe_stacks,
            "describe_stack_resource": _describe_stack_resource,
        },
        MediaLiveResponse: {
            "describe_channel": _describe_channel,
            "start_channel": _start_channel,
            "stop_channel": _stop_channel,
        },
    }
    with contextlib.ExitStack() as patched:
        for service, methods in answers.items():
            for name, method in methods.items():
                bound = _with(known, method)
                patched.enter_context(patch.object(service, name, bound))
        yield


def _with(known: Known, method: Any) -> Any:
    def answered(call: BaseResponse) -> ActionResult:
        return ActionResult(method(known, call))

    return answered


def _describe_stacks(known: Known, call: BaseResponse) -> dict[str, Any]:
    """Only what the functions look at.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    return {"Stacks": [{"StackStatus": _status(known, call), "Parameters": {}, "Tags": {}}]}


def _describe_stack_resource(known: Known, call: BaseResponse) -> dict[str, Any]:
    """Only what the functions look at.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
    """
    _status(known, call)
    name = call._get_param("LogicalResourceId")
    physical_id = known.physical_id(name)
    if physical_id is None:
        raise AwsError("ValidationError", f"Resource {name} does not exist for stack")
    return {"StackResourceDetail": {"LogicalResourceId": name, "PhysicalResourceId": physical_id}}


def _status(known: Known, call: BaseResponse) -> str:
    stack = call._get_param("StackName")
    status = known.stack_status(stack)
    if status is None:
        raise AwsError("ValidationError", f"Stack with id {stack} does not exist")
    return status


def _describe_channel(known: Known, call: BaseResponse) -> dict[str, Any]:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html ."""
    channel_id = call._get_param("ChannelId")
    try:
        return {"Id": channel_id, "State": known.channel_state(channel_id)}
    except KeyError:
        raise AwsError("NotFoundException", f"Channel {channel_id} does not exist") from None


def _start_channel(known: Known, call: BaseResponse) -> dict[str, Any]:
    return _passed(known, call, known.start_channel)


def _stop_channel(known: Known, call: BaseResponse) -> dict[str, Any]:
    return _passed(known, call, known.stop_channel)


def _passed(known: Known, call: BaseResponse, act: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid-start.html ."""
    _describe_channel(known, call)
    try:
        act(call._get_param("ChannelId"))
    except Conflict as refusal:
        raise AwsError("ConflictException", str(refusal)) from None
    except Rejected as refusal:
        raise AwsError("UnprocessableEntityException", str(refusal)) from None
    return _describe_channel(known, call)
