"""Lambda asynchronous invocation: retries on errors, a maximum age, and at-least-once delivery.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from preview.resources import Resources
from preview.services.clock import Clock
from preview.services.functions.function import FunctionError

DEFAULT_RETRIES = 2
DEFAULT_AGE = 6 * 3600  # seconds
PAUSES = (60, 120)
"""Seconds before the first and the second retry."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An event in Lambda's queue, which may deliver it again."""

    arn: str
    """The function's."""
    event: Any
    at: float
    """When it was sent, in epoch seconds."""


def retries_of(resources: Resources, arn: str) -> int:
    """The maximum number of retries for a function."""
    return _setting(resources, arn, "MaximumRetryAttempts", DEFAULT_RETRIES)


def age_of(resources: Resources, arn: str) -> int:
    """The maximum age of a function's events in seconds."""
    return _setting(resources, arn, "MaximumEventAgeInSeconds", DEFAULT_AGE)


def _setting(resources: Resources, arn: str, name: str, default: int) -> int:
    for config in resources.of_type("AWS::Lambda::EventInvokeConfig"):
        if config.properties["FunctionName"] in (arn, arn.rpartition(":")[2]):
            return int(config.properties.get(name, default))
    return default


def tried(
    resources: Resources,
    clock: Clock,
    arn: str,
    run: Callable[[], object],
    *,
    sent: float | None = None,
) -> str:
    """Runs until success, or until the retries are used up or the event, `sent` then, is too old.

    Returns the last error, or "".
    """
    failure, age = "", age_of(resources, arn)
    end = (clock.now() if sent is None else sent) + age
    for pause in (0, *PAUSES[: retries_of(resources, arn)]):
        clock.skip(pause)
        if clock.now() > end:
            return failure or f"the event was dropped after {age} seconds"
        try:
            run()
        except FunctionError as error:
            failure = str(error)
        else:
            return ""
    return failure
