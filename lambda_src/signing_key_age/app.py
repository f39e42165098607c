"""Age of the signing key, as a CloudWatch metric: Lambda handler that a schedule invokes each day.

The key is as old as the secret's current version. DescribeSecret does not say how old that is: its
LastRotatedDate is empty before the first rotation and while rotation is disabled, and stays as it
is when a key is revoked and another one takes its place.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretVersionsListEntry.html
"""

import json
import time
from os import environ
from typing import TYPE_CHECKING, Any

from shared.errors import Failure
from shared.inline_custom_resource import aws, repeated

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext

_METRIC = "SigningKeyAgeDays"
_SECONDS = 20
"""A pause of 5 seconds, a call of 6, and the line."""
_DAY = 86_400


def _age() -> float:
    """Days since the secret's current version was created.

    Raises:
        CallFailed: Secrets Manager did not list the versions.
        Failure: None is current.
    """
    listed = aws("secretsmanager:ListSecretVersionIds", SecretId=environ["SECRET_ARN"])
    for version in listed["Versions"]:
        if "AWSCURRENT" in version["VersionStages"]:
            return float(time.time() - version["CreatedDate"].timestamp()) / _DAY
    raise Failure("the secret has no current version: look whether its rotation was interrupted")


def _line(days: float) -> dict[str, Any]:
    """CloudWatch's embedded metric format; the empty list of dimensions means that there are none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directive = {
        "Namespace": environ["NAMESPACE"],
        "Dimensions": [[]],
        "Metrics": [{"Name": _METRIC}],
    }
    return {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
        _METRIC: round(days, 3),
    }


def handler(_: object, context: "LambdaContext") -> None:
    """Lambda entry point; the event of the schedule says nothing that matters."""
    days = repeated(_age, context, _SECONDS)
    # logging would put the line into a record of its own, where CloudWatch finds no metric:
    # Lambda Developer Guide, "Log and monitor Python Lambda functions"
    print(json.dumps(_line(days)))  # noqa: T201 - see above
