"""Secrets Manager rotation: calls the rotation function step by step.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import uuid

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported
from preview.resource import Resource

SECRETS_MANAGER = "secretsmanager.amazonaws.com"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def _create(account: Account, schedule: Resource) -> None:
    secret = schedule.properties["SecretId"]
    account.resources.one("AWS::SecretsManager::Secret", secret)
    if schedule.properties.get("RotateImmediatelyOnUpdate", True) in (True, "true"):
        rotate(account, schedule)
    else:
        # Secrets Manager still tests the configuration with the testSecret step.
        # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
        step(account, schedule, str(uuid.uuid4()), "testSecret")
    schedule.ref = secret


def rotate(account: Account, schedule: Resource, token: str | None = None) -> str:
    """Rotates the schedule's secret now; returns the version ID, to repeat a failed rotation.

    Raises:
        Rejected: Secrets Manager may not invoke the function.
        NotSupported: the schedule does not name a function.
        FunctionError: a step failed; the remaining steps were not called.
    """
    version = token or str(uuid.uuid4())
    for name in STEPS:
        step(account, schedule, version, name)
    return version


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


ROTATION_SCHEDULE = Provider(create=_create, update=lambda account, _, new: _create(account, new))
