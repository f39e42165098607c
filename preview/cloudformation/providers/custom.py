"""CloudFormation custom resources: a request to a function, and its response to a URL.

Source: CloudFormation User Guide, "Custom resource reference".
"""

import functools
import uuid
from collections.abc import Collection
from typing import Any

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.resource import Properties, Resource
from preview.services.functions.asynchronous import PAUSES, Sent, age_of, retries_of, tried
from preview.services.response_urls import Waiting

MASK = "****"
DEFAULT_PATIENCE = 3600  # seconds that CloudFormation waits for a response


def _create(account: Account, resource: Resource) -> None:
    resource.ref = ""
    try:
        _take(resource, _answer(account, "Create", resource))
    except Rejected:
        # CloudFormation deletes it, with an ID that it makes up
        # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1814
        resource.ref = f"{account.stack.name}-{resource.logical_id}-{uuid.uuid4().hex[:12].upper()}"
        if account.stack_status.startswith("UPDATE_"):
            account.resources.by_logical_id[resource.logical_id] = resource
        else:
            account.resources.leftovers.append(resource)
        raise


def _update(account: Account, old: Resource, new: Resource) -> None:
    before = _masked(_texts(old.properties), account.masked)
    _take(new, _answer(account, "Update", new, OldResourceProperties=before))
    if new.ref != old.ref:
        _answer(account, "Delete", old)


def _delete(account: Account, resource: Resource) -> None:
    _answer(account, "Delete", resource)


def _take(resource: Resource, answer: Properties) -> None:
    resource.ref = answer["PhysicalResourceId"]
    resource.attributes = answer.get("Data", {})


def _answer(account: Account, kind: str, resource: Resource, **more: Any) -> Properties:
    with account.response_urls.expected() as (url, answers):
        request = {
            "RequestType": kind,
            "RequestId": str(uuid.uuid4()),
            "ResponseURL": url,
            "ResourceType": resource.type,
            "LogicalResourceId": resource.logical_id,
            "StackId": account.stack.arn,
            "ResourceProperties": _texts(resource.properties),
            **({"PhysicalResourceId": resource.ref} if resource.ref else {}),
            **more,
        }
        status = account.stack_status
        failure = _invoked(account, resource, request)
        # its function goes on, and the response means nothing
        # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1730
        if account.stack_status != status:
            raise Rejected(f"{resource.logical_id}: Resource {kind.lower()} canceled.")
        if not answers:
            raise Rejected(
                f"{resource.logical_id}: {kind} got no response within {_patience(resource)} s"
                f" ({failure or 'the function ended without a response'})."
            )
        answer = answers[0]
    if answer["Status"] != "SUCCESS":
        raise Rejected(f"{resource.logical_id}: {kind} failed: {answer.get('Reason')}")
    return answer


def _invoked(account: Account, resource: Resource, request: Properties) -> str:
    """Invokes the function asynchronously, as Lambda does; the error of the last try, if any."""
    arn = resource.properties["ServiceToken"]
    retries = retries_of(account.resources, arn)
    timeout = int(
        account.resources.one("AWS::Lambda::Function", arn, "Arn").properties.get("Timeout", 3)
    )
    waiting = Waiting(
        logical_id=resource.logical_id,
        service_timeout=_patience(resource),
        longest_run=(1 + retries) * timeout + sum(PAUSES[:retries]),
        latest_end=age_of(account.resources, arn) + timeout,
    )
    account.waited.append(waiting)
    account.requests.append(Sent(arn=arn, event=request, at=account.clock.now()))
    return tried(account.resources, account.clock, arn, lambda: account.run(arn, request))


def delivered_again(account: Account, sent: Sent) -> str:
    """Delivers a request once more, as Lambda may; the error of the last try, or "".

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    run = functools.partial(account.run, sent.arn, sent.event)
    return tried(account.resources, account.clock, sent.arn, run, sent=sent.at)


def _patience(resource: Resource) -> int:
    return int(resource.properties.get("ServiceTimeout", DEFAULT_PATIENCE))


def _masked(properties: Any, secret: Collection[str]) -> Any:
    """The properties with asterisks for secret values."""
    if isinstance(properties, dict):
        return {key: _masked(value, secret) for key, value in properties.items()}
    if isinstance(properties, list):
        return [_masked(value, secret) for value in properties]
    return MASK if properties in secret else properties


def _texts(properties: Any) -> Any:
    """CloudFormation sends numbers and booleans as strings."""
    if isinstance(properties, dict):
        return {key: _texts(value) for key, value in properties.items()}
    if isinstance(properties, list):
        return [_texts(value) for value in properties]
    return str(properties).lower() if isinstance(properties, bool) else str(properties)


CUSTOM_RESOURCE = Provider(create=_create, update=_update, delete=_delete)
