"""Simulated AWS for the channel guard: a stack, a channel, and parameters; and its callers."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.request import Request

from botocore.exceptions import ClientError, ReadTimeoutError

from channel_guard import account, app, guard, watch
from shared import errors, inline_custom_resource
from tests.lambda_src.shared.simulated_time import START, Clock, Context

STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/live/1a2b3c4d"
CHANNEL_ID = "1234567"
TIMEOUT = 600
"""Seconds, as in the template."""
TODAY = f"{datetime.fromtimestamp(START, UTC):%Y-%m-%d}"
CALL_SECONDS = 1 + 5
"""The longest that a call can take: one attempt that times out."""
SECRET = "stream-key-for-tests-0123"
MASK = "****"
"""What CloudFormation shows of a NoEcho parameter: its User Guide, "Parameters"."""
ENVIRONMENT = {
    "STACK_ID": STACK_ID,
    "CHANNEL": "Channel",
    "NOTES": "/channel-guard/live",
    "STOP_AFTER_SECONDS": "43200",
}
PROPERTIES = {
    "Channel": "Channel",
    "Definition": "abcdef",
    "References": ["arn", SECRET],
    "StopChannelToUpdate": "No",
}
INPUT_ID = "7654321"
ON_AIR = {"ChannelId": CHANNEL_ID, "InputIds": [INPUT_ID], "StartChannel": "Yes"}
EVENT = {
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "time": "2027-01-15T08:00:00Z",
    "detail": {},
}


class FakeMediaLive:
    """The AWS services that the guard calls, in simulated time."""

    def __init__(self, code: Any, failure: type[Exception]) -> None:
        self._code = code
        self.failure = failure
        """What the guard raises if a call fails."""
        self.clock = Clock()
        self.context = Context(self.clock, TIMEOUT)
        self.status = "UPDATE_IN_PROGRESS"
        self.states = ["RUNNING"]
        """The channel's state at each check; the last one stays."""
        self.parameters: dict[str, str] = {}
        self.calls: list[str] = []
        self.faults: dict[str, Callable[[], Exception]] = {}
        """The error that an action raises instead."""
        self.hiccups: dict[str, int] = {}
        """How many times an action fails, with the error in `faults`, before it works again."""
        self.after_start = ["STARTING"]
        """The channel's states after it is started."""
        self.lost: list[str] = []
        """The actions whose next response is lost."""
        self.at_stop: Callable[[], object] = lambda: None
        """What happens at the moment at which the channel is stopped."""
        self.canceled_after = 10**9
        """How many checks of the channel until the update is canceled, and the stack rolls back."""
        self.urls = [
            f"rtmp://198.51.100.1:1935/backup/{SECRET}",
            f"rtmp://192.0.2.1:1935/primary/{SECRET}",
        ]
        """The input's; the API does not promise an order."""
        self.masks_old_values = False
        """Whether CloudFormation masks the old values of NoEcho parameters."""
        self.denied_seconds = 0.0
        """How long AWS denies every call at first, because the role is still new."""
        self.slow_after = 10**9
        """How many calls return immediately before each takes its maximum time."""
        self.letters: list[dict[str, Any]] = []

    def ask(self, kind: str, **more: Any) -> dict[str, Any]:
        """The guard's response to a CloudFormation request."""
        event = request(kind, **more)
        if self.masks_old_values and "OldResourceProperties" in event:
            text = json.dumps(event["OldResourceProperties"])
            event["OldResourceProperties"] = json.loads(text.replace(SECRET, MASK))
        self.run(event)
        return self.letters.pop()

    def run(self, event: Any) -> None:
        """Invoke the function."""
        self.context = Context(self.clock, TIMEOUT)
        self._code.handler(event, self.context)

    def deliver(self, letter: Request, **_: object) -> contextlib.AbstractContextManager[None]:
        """Accept a response in place of CloudFormation."""
        assert isinstance(letter.data, bytes)
        self.letters.append(json.loads(letter.data))
        return contextlib.nullcontext()

    def describe_stacks(self, **_: str) -> Mapping[str, Any]:
        self._called("cloudformation:DescribeStacks")
        return {"Stacks": [{"StackStatus": self.status}]}

    def describe_stack_resource(self, **_: str) -> Mapping[str, Any]:
        self._called("cloudformation:DescribeStackResource")
        return {"StackResourceDetail": {"PhysicalResourceId": CHANNEL_ID}}

    def describe_channel(self, **_: str) -> Mapping[str, Any]:
        self._called("medialive:DescribeChannel")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if self.calls.count("medialive:DescribeChannel") >= self.canceled_after:
            self.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        return {"State": state, "InputAttachments": [{"InputId": INPUT_ID}]}

    def describe_input(self, **_: str) -> Mapping[str, Any]:
        self._called("medialive:DescribeInput")
        return {"Destinations": [{"Url": url} for url in self.urls]}

    def start_channel(self, **_: str) -> None:
        self._called("medialive:StartChannel")
        if self.states[0] == "STARTING":  # another caller was faster
            raise error("ConflictException")
        self.states = [*self.after_start]
        self._lose("medialive:StartChannel")

    def stop_channel(self, **_: str) -> None:
        self._called("medialive:StopChannel")
        self.at_stop()
        self.states = self.states[1:] or ["IDLE"]
        self._lose("medialive:StopChannel")

    def get_parameters(self, *, Names: list[str]) -> Mapping[str, Any]:  # noqa: N803 - boto3's
        self._called("ssm:GetParameters")
        there = [name for name in Names if name in self.parameters]
        return {"Parameters": [{"Name": one, "Value": self.parameters[one]} for one in there]}

    def put_parameter(self, *, Name: str, Value: str, **_: object) -> None:  # noqa: N803 - boto3's
        self._called("ssm:PutParameter")
        self.parameters[Name] = Value

    def delete_parameter(self, *, Name: str) -> None:  # noqa: N803 - boto3's
        self._called("ssm:DeleteParameter")
        if Name not in self.parameters:
            raise error("ParameterNotFound")
        del self.parameters[Name]

    def _called(self, action: str) -> None:
        self.calls.append(action)
        if self.denied_seconds and self.clock.now < START + self.denied_seconds:
            raise error("AccessDeniedException")
        if len(self.calls) > self.slow_after:
            self.clock.sleep(CALL_SECONDS)
        if action in self.faults and self.hiccups.get(action, 1):
            self.hiccups[action] = self.hiccups.get(action, 10**9) - 1
            raise self.faults[action]()

    def _lose(self, action: str) -> None:
        """Lose the response to a call that took effect."""
        if action in self.lost:
            self.lost.remove(action)
            raise silence()


@contextlib.contextmanager
def simulated(code: ModuleType | None = None) -> Iterator[FakeMediaLive]:
    """The services, which the guard calls in simulated time while the context is open.

    `code` is the guard as one module; by default, it is its sources.
    """
    made = FakeMediaLive(code or app, (code or errors).Failure)
    clock = SimpleNamespace(
        time=made.clock, sleep=made.clock.sleep, gmtime=time.gmtime, strftime=time.strftime
    )
    with contextlib.ExitStack() as patched:
        patched.enter_context(patch.dict("os.environ", ENVIRONMENT))
        for module in [code] if code else [account, guard, watch, inline_custom_resource]:
            patched.enter_context(patch.object(module, "time", clock))
        calling = code or inline_custom_resource
        patched.enter_context(patch.object(calling, "client", lambda _: made))
        patched.enter_context(patch.object(calling, "urlopen", made.deliver))
        yield made


def error(code: str) -> ClientError:
    """An error from a service, whose message must not be passed on."""
    return ClientError({"Error": {"Code": code, "Message": SECRET}}, "AnyOperation")


def silence() -> Exception:
    """No response at all."""
    return ReadTimeoutError(endpoint_url=SECRET)


def request(kind: str, resource: str = "ChannelGuard", **more: Any) -> dict[str, Any]:
    """A CloudFormation event; `more` are additional fields."""
    return {
        "RequestType": kind,
        "RequestId": "1",
        "ResponseURL": f"https://cloudformation.example/?signature={SECRET}",
        "ResourceType": f"Custom::{resource}",
        "LogicalResourceId": resource,
        "StackId": STACK_ID,
        "ResourceProperties": PROPERTIES,
        **({} if kind == "Create" else {"PhysicalResourceId": "any"}),
        **more,
    }


def changed(asked: str = "No") -> dict[str, Any]:
    """The fields of an update that changes the channel."""
    return {
        "OldResourceProperties": PROPERTIES,
        "ResourceProperties": {
            **PROPERTIES,
            "References": ["arn", f"{SECRET}-another"],
            "StopChannelToUpdate": asked,
        },
    }
