"""Lambda asynchronous invocation: retries on errors.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from collections.abc import Callable

from preview.resources import Resources
from preview.services.clock import Clock
from preview.services.functions.function import FunctionError

DEFAULT_RETRIES = 2
PAUSES = (60, 120)
"""Seconds before the first and the second retry."""


def retries_of(resources: Resources, arn: str) -> int:
    """The maximum number of retries for a function."""
    for config in resources.of_type("AWS::Lambda::EventInvokeConfig"):
        if config.properties["FunctionName"] in (arn, arn.rpartition(":")[2]):
            return int(config.properties.get("MaximumRetryAttempts", DEFAULT_RETRIES))
    return DEFAULT_RETRIES


def tried(resources: Resources, clock: Clock, arn: str, run: Callable[[], object]) -> str:
    """Runs until success or until the retries are used up; the last error, or ""."""
    failure = ""
    for pause in (0, *PAUSES[: retries_of(resources, arn)]):
        clock.skip(pause)
        try:
            run()
        except FunctionError as error:
            failure = str(error)
        else:
            return ""
    return failure
