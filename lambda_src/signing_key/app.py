"""Lambda handler of the viewer's signing keys: where requests and events meet clock and AWS."""

import functools
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import boto3

from shared.errors import Failure
from shared.lambda_context import LambdaContext
from shared.log import note
from signing_key import cloudformation_handler
from signing_key.calls import SDK, Calls, Deadline, built
from signing_key.cloudformation_handler import PLACEHOLDER, Lifecycle, handle_request
from signing_key.custom_resource import is_request
from signing_key.environment import Environment
from signing_key.error_hints import HINTS
from signing_key.key_groups import KeyGroups
from signing_key.key_store import KeyStore
from signing_key.public_keys import PublicKeys
from signing_key.revocation import revoke
from signing_key.rotation_handler import Rotation, Step, is_step
from signing_key.stored_ring import StoredRing

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

T = TypeVar("T")

REVOKE = {"Act": "revoke every key"}
"""The event with which an operator gives up all keys."""


class UnknownEvent(ValueError):
    """The event is of a kind that the function does not know."""


class NotDone(RuntimeError):
    """What was asked for could not be done; says what to do."""


def done(act: Callable[[], T]) -> T:
    """What `act` returns; a `Failure` is logged and ends the run, so that its caller knows.

    Raises:
        NotDone: It failed.
    """
    try:
        return act()
    except Failure as failure:
        note("not done", level=logging.ERROR, reason=str(failure))
        raise NotDone(str(failure)) from None


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
    return built(
        lambda: Clients(
            cloudfront=boto3.client("cloudfront", config=SDK),
            secretsmanager=boto3.client("secretsmanager", config=SDK),
        )
    )


def key_store(environment: Environment, calls: Calls, clock: Callable[[], float]) -> KeyStore:
    """What this stack has of keys.

    Raises:
        Failure: The SDK lacks something.
    """
    aws = clients()
    return KeyStore(
        stored_ring=StoredRing(
            calls=calls, client=aws.secretsmanager, secret_arn=environment.secret_arn
        ),
        public_keys=PublicKeys(calls=calls, client=aws.cloudfront, name=environment.name),
        key_groups=KeyGroups(calls=calls, client=aws.cloudfront, name=environment.name),
        clock=clock,
        grace_seconds=environment.grace_seconds,
    )


def serve(
    event: object,
    context: LambdaContext,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> str | None:
    """Do what the event asks for; what came of it, in words, when a person asked.

    Raises:
        UnknownEvent: Nobody whom this function knows sends such an event.
        NotDone: A step of a rotation, or a revocation, failed.
        UnanswerableRequest: CloudFormation's request does not say where the answer goes.
        UndeliveredAnswer: CloudFormation did not take the answer.
    """
    calls = Calls(deadline=Deadline.of(context, sleep), hints=HINTS)

    def store() -> KeyStore:
        return key_store(Environment.from_variables(os.environ), calls, clock)

    if is_request(event):
        cloudformation_handler.serve(
            event,
            lambda request, sender: handle_request(request, sender, Lifecycle(key_store=store())),
            placeholder=PLACEHOLDER,
            sleep=sleep,
        )
        return None
    return done(lambda: _done(event, store))


def _done(event: object, store: Callable[[], KeyStore]) -> str | None:
    if is_step(event):
        Step.of(event).do(Rotation(key_store=store()))
        return None
    if event == REVOKE:
        return revoke(store())
    raise UnknownEvent(
        "This event is neither a request of a CloudFormation custom resource, nor a step of a"
        f" rotation, nor {REVOKE}."
    )


def handler(event: object, context: LambdaContext) -> str | None:
    """Lambda's entry point."""
    return serve(event, context, clock=time.time, sleep=time.sleep)
