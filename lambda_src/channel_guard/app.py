"""The Lambda function that guards the channel: where requests and events meet clock and AWS."""

import functools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3

from channel_guard import guard, on_air
from channel_guard.advice import ADVICE
from channel_guard.channels import Channels
from channel_guard.environment import Environment
from channel_guard.notes import Notes
from channel_guard.own_stack import OwnStack
from channel_guard.ward import Ward
from channel_guard.watch import Watch, is_event, start_in
from shared import answering
from shared.calls import SDK, Calls
from shared.clients import built
from shared.custom_resource import Answer, MalformedRequest, Request, Sender, is_request
from shared.events import UnknownEvent, done
from shared.time_left import LambdaContext, TimeLeft

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_medialive import MediaLiveClient
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The clients of one container."""

    cloudformation: "CloudFormationClient"
    medialive: "MediaLiveClient"
    ssm: "SSMClient"


@functools.cache
def clients() -> Clients:
    """The clients, built at the first request.

    Raises:
        Failure: The SDK cannot build them, for want of a Region for example.
    """
    return built(
        lambda: Clients(
            cloudformation=boto3.client("cloudformation", config=SDK),
            medialive=boto3.client("medialive", config=SDK),
            ssm=boto3.client("ssm", config=SDK),
        )
    )


def ward(environment: Environment, calls: Calls, clock: Callable[[], float]) -> Ward:
    """What is watched over.

    Raises:
        Failure: The SDK lacks something.
    """
    aws = clients()
    return Ward(
        stack=OwnStack(calls=calls, client=aws.cloudformation, stack_id=environment.stack_id),
        channels=Channels(calls=calls, client=aws.medialive),
        notes=Notes(calls=calls, client=aws.ssm, folder=environment.notes),
        clock=clock,
    )


def serve(
    event: object,
    context: LambdaContext,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Do what the event asks for.

    Raises:
        UnknownEvent: Nobody whom this function knows sends such an event.
        NotDone: A look at the channel failed.
        UnanswerableRequest: CloudFormation's request does not say where the answer goes.
        UndeliveredAnswer: CloudFormation did not take the answer.
    """
    calls = Calls(time_left=TimeLeft.of(context, sleep), advice=ADVICE)
    if is_request(event):
        _answer(event, calls, clock, sleep)
    elif is_event(event):
        done(lambda: _look(event, calls, clock))
    else:
        raise UnknownEvent(
            "This event is neither a request of a CloudFormation custom resource, nor one of"
            " EventBridge."
        )


def _answer(
    event: Mapping[str, object],
    calls: Calls,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    def act(request: Request, sender: Sender) -> Answer:
        watched = ward(Environment.from_variables(os.environ), calls, clock)
        if request.resource_type == guard.TYPE:
            return guard.answer(request, sender, watched)
        if request.resource_type == on_air.TYPE:
            return on_air.answer(request, sender, watched)
        raise MalformedRequest(f"ResourceType must be {guard.TYPE} or {on_air.TYPE}.")

    is_guard = event.get("ResourceType") == guard.TYPE
    placeholder = guard.PHYSICAL_ID if is_guard else on_air.physical_id(event)
    answering.serve(event, act, placeholder=placeholder, sleep=sleep)


def _look(event: Mapping[str, object], calls: Calls, clock: Callable[[], float]) -> None:
    environment = Environment.from_variables(os.environ)
    Watch(
        ward=ward(environment, calls, clock),
        channel=environment.channel,
        stop_after_seconds=environment.stop_after_seconds,
    ).look(start_in(event))


def handler(event: object, context: LambdaContext) -> None:
    """Lambda's entry point."""
    serve(event, context, clock=time.time, sleep=time.sleep)
