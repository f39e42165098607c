"""The Lambda function that makes the viewer's signing key: where requests meet clock and AWS."""

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError

from shared import answering
from shared.calls import SDK, Calls
from shared.custom_resource import is_request
from shared.failure import Failure
from shared.log import keep_bodies_out
from shared.time_left import LambdaContext, TimeLeft
from signing_key.advice import ADVICE
from signing_key.answering import PLACEHOLDER, answer
from signing_key.environment import Environment
from signing_key.key_groups import KeyGroups
from signing_key.lifecycle import Lifecycle
from signing_key.public_keys import PublicKeys
from signing_key.stored_ring import StoredRing

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_secretsmanager import SecretsManagerClient


class UnknownEvent(ValueError):
    """The event is of a kind that this function does not know."""


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The clients of one container."""

    cloudfront: "CloudFrontClient"
    secretsmanager: "SecretsManagerClient"


@functools.cache
def clients() -> Clients:
    """The clients, built at the first request.

    Raises:
        Failure: The SDK cannot build them, for want of a Region for example.
    """
    keep_bodies_out()
    try:
        return Clients(
            cloudfront=boto3.client("cloudfront", config=SDK),
            secretsmanager=boto3.client("secretsmanager", config=SDK),
        )
    except BotoCoreError as error:
        raise Failure(
            f"The AWS SDK cannot start in this function ({type(error).__name__}): look at its"
            " environment variables, AWS_REGION first."
        ) from None


def lifecycle(calls: Calls, clock: Callable[[], float]) -> Lifecycle:
    """The life of this stack's key pair.

    Raises:
        Failure: The environment or the SDK lacks something.
    """
    environment = Environment.from_variables(os.environ)
    aws = clients()
    return Lifecycle(
        stored_ring=StoredRing(
            calls=calls, client=aws.secretsmanager, secret_arn=environment.secret_arn
        ),
        public_keys=PublicKeys(calls=calls, client=aws.cloudfront, name=environment.name),
        key_groups=KeyGroups(calls=calls, client=aws.cloudfront, name=environment.name),
        clock=clock,
    )


def serve(
    event: object,
    context: LambdaContext,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Do what the event asks for and answer CloudFormation once.

    Raises:
        UnknownEvent: It is no custom resource's request.
        UnanswerableRequest: It is one, but does not say where the answer goes.
        UndeliveredAnswer: CloudFormation did not take the answer.
    """
    if not is_request(event):
        raise UnknownEvent(
            "This event is no request of a CloudFormation custom resource, and this version of the"
            " function knows no other kind."
        )
    calls = Calls(time_left=TimeLeft.of(context, sleep), advice=ADVICE)
    answering.serve(
        event,
        lambda request, sender: answer(request, sender, lifecycle(calls, clock)),
        placeholder=PLACEHOLDER,
        sleep=sleep,
    )


def handler(event: object, context: LambdaContext) -> None:
    """Lambda's entry point."""
    serve(event, context, clock=time.time, sleep=time.sleep)
