"""Secrets Manager's rotation: asked for by a client, and when it is due.

Source: AWS Secrets Manager API Reference, "DescribeSecret", "RotateSecret".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from preview.cloudformation.providers.rotation import next_rotation, rotate
from preview.endpoint.desk import Desk
from preview.errors import PreviewError, Rejected
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_secrets import pending_version
from preview.services.functions.function import FunctionError

SCHEDULE = "AWS::SecretsManager::RotationSchedule"


def rotate_secret(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Rotates a secret; Secrets Manager answers before it, and does not tell how it ends."""
    schedule = _schedule(desk, asked["SecretId"])
    secret = str(schedule.properties["SecretId"])
    version = asked.get("ClientRequestToken")
    try:
        version = rotate(desk.account, schedule, version)
    except Rejected as refusal:
        raise AwsError("InvalidRequestException", str(refusal)) from None
    except (PreviewError, FunctionError) as error:
        desk.account.events.lost.append(f"{schedule.logical_id}: rotation: {error}")
        version = pending_version(secret)
    name = desk.account.client("secretsmanager").describe_secret(SecretId=secret)["Name"]
    return {"ARN": secret, "Name": name, "VersionId": version}


def describe_secret(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A secret without its value; moto knows no rotation that CloudFormation has set up."""
    client = desk.account.client("secretsmanager")
    try:
        secret = dict(client.describe_secret(SecretId=asked["SecretId"]))
    except ClientError as error:
        found = error.response["Error"]
        raise AwsError(found["Code"], found["Message"]) from None
    for schedule in desk.account.resources.of_type(SCHEDULE):
        due = next_rotation(desk.account, schedule)
        if schedule.properties["SecretId"] == secret["ARN"] and due is not None:
            secret["RotationEnabled"] = True
            # without a time zone, as moto writes times
            secret["NextRotationDate"] = datetime.fromtimestamp(due, UTC).replace(tzinfo=None)
    return {name: value for name, value in secret.items() if name != "ResponseMetadata"}


def _schedule(desk: Desk, secret: str) -> Resource:
    for one in desk.account.resources.of_type(SCHEDULE):
        arn = str(one.properties["SecretId"])
        if secret == arn or arn.rpartition(":")[2].startswith(secret):
            return one
    raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
