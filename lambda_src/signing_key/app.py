"""Lambda handler for the signing keys: custom resource requests, rotation steps, revocation."""

import functools
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import boto3

from shared.errors import Failure
from shared.inline_custom_resource import reply
from shared.lambda_context import LambdaContext
from shared.log import note
from signing_key.calls import ANSWER_SECONDS, SDK, Calls, Deadline, built
from signing_key.cloudformation_handler import PHYSICAL_ID, Lifecycle, handle_request
from signing_key.environment import Environment
from signing_key.error_hints import HINTS
from signing_key.key_groups import KeyGroups
from signing_key.key_store import KeyStore
from signing_key.public_keys import PublicKeys
from signing_key.revocation import revoke
from signing_key.rotation_handler import is_step, rotate
from signing_key.stored_ring import StoredRing

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

T = TypeVar("T")

REVOKE = {"Act": "revoke every key"}
"""The event with which an operator revokes all keys."""


class UnknownEvent(ValueError):
    """The function does not support this event."""


class NotDone(RuntimeError):
    """The operation failed; the message says what to do."""


def done(act: Callable[[], T]) -> T:
    """Return the result of `act`; log a `Failure` and fail, so that the caller knows.

    Raises:
        NotDone: `act` failed.
    """
    try:
        return act()
    except Failure as failure:
        note("not done", level=logging.ERROR, reason=str(failure))
        raise NotDone(str(failure)) from None


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The clients of one execution environment."""

    cloudfront: "CloudFrontClient"
    secretsmanager: "SecretsManagerClient"


@functools.cache
def clients() -> Clients:
    """The clients, created on the first request.

    Raises:
        Failure: The SDK cannot create them, for example without a Region.
    """
    return built(
        lambda: Clients(
            cloudfront=boto3.client("cloudfront", config=SDK),
            secretsmanager=boto3.client("secretsmanager", config=SDK),
        )
    )


def key_store(environment: Environment, calls: Calls, clock: Callable[[], float]) -> KeyStore:
    """The key store of this stack.

    Raises:
        Failure: The SDK cannot create the clients.
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
    event: Any,
    context: LambdaContext,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> str | None:
    """Handle the event; return a description of the result for an operator's event.

    Raises:
        UnknownEvent: The function does not support this event.
        NotDone: A rotation step or a revocation failed.
        ValueError: A custom resource request is not from this stack; nothing was done.
        RuntimeError: CloudFormation did not accept the response; Lambda retries the event.
    """
    calls = Calls(deadline=Deadline.of(context, sleep), hints=HINTS)

    def store() -> KeyStore:
        return key_store(Environment.from_variables(os.environ), calls, clock)

    if not (isinstance(event, dict) and "RequestType" in event):
        return done(lambda: _done(event, store))
    if event["RequestType"] == "Create":
        calls = calls.with_new_role()
    reply(
        event,
        lambda: handle_request(event, Lifecycle(key_store=store())),
        event.get("PhysicalResourceId") or PHYSICAL_ID,
        context,
        ANSWER_SECONDS,
    )
    return None


def _done(event: object, store: Callable[[], KeyStore]) -> str | None:
    if is_step(event):
        rotate(event, store())
        return None
    if event == REVOKE:
        return revoke(store())
    raise UnknownEvent(
        "This event is not a CloudFormation custom resource request, a step of a rotation, or"
        f" {REVOKE}."
    )


def handler(event: object, context: LambdaContext) -> str | None:
    """Lambda entry point."""
    return serve(event, context, clock=time.time, sleep=time.sleep)
