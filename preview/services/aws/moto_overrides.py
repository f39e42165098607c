"""CloudFormation and MediaLive API calls that the preview answers instead of moto."""

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol
from unittest.mock import patch

from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, BaseResponse
from moto.medialive.responses import MediaLiveResponse

from preview.errors import Conflict, Rejected
from preview.services.aws.aws_error import AwsError


class View(Protocol):
    """The account, as moto's services see it. What does not exist in MediaLive raises KeyError."""

    def stack_status(self, name_or_arn: str) -> str | None:
        """The status of a stack; None if none has that name or ARN."""

    def physical_id(self, logical_id: str) -> str | None:
        """The physical ID of a resource of the stack; None if it does not exist."""

    def channel_state(self, channel_id: str) -> str:
        """The state of a MediaLive channel."""

    def input_ids(self, channel_id: str) -> list[str]:
        """The IDs of the inputs that a MediaLive channel reads."""

    def push_urls(self, input_id: str) -> list[str]:
        """The URLs that an encoder pushes to."""

    def start_channel(self, channel_id: str) -> None:
        """Starts a channel, or raises Conflict or Rejected."""

    def stop_channel(self, channel_id: str) -> None:
        """Stops a channel, or raises Conflict."""


@contextlib.contextmanager
def moto_overrides(view: View) -> Iterator[None]:
    """Overrides moto's responses with the preview's while the context is open."""
    overrides = {
        CloudFormationResponse: {
            "describe_stacks": _describe_stacks,
            "describe_stack_resource": _describe_stack_resource,
        },
        MediaLiveResponse: {
            "describe_channel": _describe_channel,
            "describe_input": _describe_input,
            "start_channel": _start_channel,
            "stop_channel": _stop_channel,
        },
    }
    with contextlib.ExitStack() as patched:
        for service, methods in overrides.items():
            for name, method in methods.items():
                bound = _with(view, method)
                patched.enter_context(patch.object(service, name, bound))
        yield


def _with(view: View, method: Any) -> Any:
    def overriding(call: BaseResponse) -> ActionResult:
        return ActionResult(method(view, call))

    return overriding


def _describe_stacks(view: View, call: BaseResponse) -> dict[str, Any]:
    """Only the fields that the functions read.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    """
    return {"Stacks": [{"StackStatus": _status(view, call), "Parameters": {}, "Tags": {}}]}


def _describe_stack_resource(view: View, call: BaseResponse) -> dict[str, Any]:
    """Only the fields that the functions read.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
    """
    _status(view, call)
    name = call._get_param("LogicalResourceId")
    physical_id = view.physical_id(name)
    if physical_id is None:
        raise AwsError("ValidationError", f"Resource {name} does not exist for stack")
    return {"StackResourceDetail": {"LogicalResourceId": name, "PhysicalResourceId": physical_id}}


def _status(view: View, call: BaseResponse) -> str:
    stack = call._get_param("StackName")
    status = view.stack_status(stack)
    if status is None:
        raise AwsError("ValidationError", f"Stack with id {stack} does not exist")
    return status


def _describe_channel(view: View, call: BaseResponse) -> dict[str, Any]:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html ."""
    channel_id = call._get_param("ChannelId")
    try:
        return {
            "Id": channel_id,
            "State": view.channel_state(channel_id),
            "InputAttachments": [{"InputId": one} for one in view.input_ids(channel_id)],
        }
    except KeyError:
        raise AwsError("NotFoundException", f"Channel {channel_id} does not exist") from None


def _describe_input(view: View, call: BaseResponse) -> dict[str, Any]:
    """The API promises no order of the destinations: the last comes first here.

    https://docs.aws.amazon.com/medialive/latest/apireference/inputs-inputid.html
    """
    input_id = call._get_param("InputId")
    try:
        urls = view.push_urls(input_id)
    except KeyError:
        raise AwsError("NotFoundException", f"Input {input_id} does not exist") from None
    return {"Id": input_id, "Destinations": [{"Url": url} for url in reversed(urls)]}


def _start_channel(view: View, call: BaseResponse) -> dict[str, Any]:
    return _passed(view, call, view.start_channel)


def _stop_channel(view: View, call: BaseResponse) -> dict[str, Any]:
    return _passed(view, call, view.stop_channel)


def _passed(view: View, call: BaseResponse, act: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid-start.html ."""
    _describe_channel(view, call)
    try:
        act(call._get_param("ChannelId"))
    except Conflict as refusal:
        raise AwsError("ConflictException", str(refusal)) from None
    except Rejected as refusal:
        raise AwsError("UnprocessableEntityException", str(refusal)) from None
    return _describe_channel(view, call)
