"""Secrets Manager rotation: calls the rotation function step by step, and on schedule.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html,
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
"""

import re
import uuid

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported, PreviewError, Rejected
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_secrets import (
    begin_rotation,
    end_rotation,
    forget_version,
    pending_version,
)
from preview.services.functions.function import FunctionError

SECRETS_MANAGER = "secretsmanager.amazonaws.com"
DAY = 86_400
MOST_DAYS = 1000
RATE = re.compile(r"rate\((\d+) (hour|day)s?\)")
UNITS = {"hour": 3600, "day": DAY}
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def _create(account: Account, schedule: Resource) -> None:
    interval(schedule)
    secret = schedule.properties["SecretId"]
    account.resources.one("AWS::SecretsManager::Secret", secret)
    if schedule.properties.get("RotateImmediatelyOnUpdate", True) in (True, "true"):
        rotate(account, schedule)
    else:
        # Secrets Manager still tests the configuration with the testSecret step, for an empty
        # version that it removes again.
        # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
        version = str(uuid.uuid4())
        _begin(account, schedule, version)
        try:
            step(account, schedule, version, "testSecret")
        finally:
            forget_version(secret, version)
        _wait(account, schedule)
    schedule.ref = secret


def interval(schedule: Resource) -> float | None:
    """Seconds between two rotations; None without RotationRules.

    Raises:
        Rejected: Secrets Manager does not accept the rules.
        NotSupported: the schedule is not a rate.
    """
    rules = schedule.properties.get("RotationRules", {})
    days, expression = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression")
    if days is not None and expression is not None:
        raise Rejected(
            f"{schedule.logical_id}: InvalidParameterException: RotationRules must have either"
            " AutomaticallyAfterDays or ScheduleExpression, not both."
        )
    if days is not None:
        if not 1 <= int(days) <= MOST_DAYS:
            raise Rejected(
                f"{schedule.logical_id}: AutomaticallyAfterDays must be from 1 to {MOST_DAYS}, not"
                f" {days}."
            )
        return int(days) * DAY
    if expression is None:
        return None
    rate = RATE.fullmatch(expression)
    if not rate:
        raise NotSupported(f"{schedule.logical_id}: the preview does not support {expression}.")
    return int(rate[1]) * UNITS[rate[2]]


def _wait(account: Account, schedule: Resource) -> None:
    """Starts the time until the next rotation, which is calculated from the previous one."""
    seconds = interval(schedule)
    if seconds is None:
        account.events.timers.stop(_timer(schedule))
    else:
        account.events.timers.start(
            _timer(schedule), seconds, lambda: _rotate_on_schedule(account, schedule)
        )


def _rotate_on_schedule(account: Account, schedule: Resource) -> None:
    """Rotates the secret, or reattempts a rotation that is not complete.

    Nobody waits for a failure, which Secrets Manager only logs.
    """
    try:
        rotate(account, schedule, pending_version(schedule.properties["SecretId"]))
    except (PreviewError, FunctionError) as error:
        account.events.lost.append(f"{schedule.logical_id}: rotation: {error}")


def _timer(schedule: Resource) -> str:
    return f"rotation of {schedule.properties['SecretId']}"


def next_rotation(account: Account, schedule: Resource) -> float | None:
    """When the secret is rotated next, in epoch seconds; None if it is not rotated on schedule."""
    return account.events.timers.due(_timer(schedule))


def _delete(account: Account, schedule: Resource) -> None:
    account.events.timers.stop(_timer(schedule))


def rotate(account: Account, schedule: Resource, token: str | None = None) -> str:
    """Rotates the schedule's secret now; returns the version ID, to repeat a failed rotation.

    Raises:
        Rejected: Secrets Manager may not invoke the function, or an earlier rotation with another
            token is not complete.
        NotSupported: the schedule does not name a function.
        FunctionError: a step failed; the remaining steps were not called.
    """
    version = token or str(uuid.uuid4())
    _begin(account, schedule, version)
    for name in STEPS:
        step(account, schedule, version, name)
    end_rotation(schedule.properties["SecretId"], version)
    _wait(account, schedule)
    return version


def _begin(account: Account, schedule: Resource, version: str) -> None:
    try:
        begin_rotation(schedule.properties["SecretId"], version, account.clock.now)
    except AwsError as error:
        raise Rejected(f"{schedule.logical_id}: {error}") from None


def step(account: Account, schedule: Resource, version: str, name: str) -> None:
    """Calls one step of a rotation.

    Raises:
        Rejected: Secrets Manager may not invoke the function.
        NotSupported: the schedule does not name a function.
        FunctionError: the step failed.
    """
    if "RotationLambdaARN" not in schedule.properties:
        raise NotSupported(
            f"{schedule.logical_id}: the preview does not support rotation without"
            " RotationLambdaARN."
        )
    secret = schedule.properties["SecretId"]
    account.invoke(
        schedule.properties["RotationLambdaARN"],
        {"SecretId": secret, "ClientRequestToken": version, "Step": name},
        service=SECRETS_MANAGER,
        source_arn=secret,
    )


ROTATION_SCHEDULE = Provider(
    create=_create, update=lambda account, _, new: _create(account, new), delete=_delete
)
