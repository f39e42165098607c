"""CloudWatch Logs log groups and their retention."""

from typing import Literal

from pydantic import Field
from troposphere import logs

from protected_stream.template.options import Options


class LogOptions(Options):
    """How long logs are kept."""

    # the values that CloudWatch Logs accepts, from AWS::Logs::LogGroup, RetentionInDays
    retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] = Field(
        default=30, description="days that the logs of functions, API and delivery are kept"
    )


def log_group(title: str, options: LogOptions) -> logs.LogGroup:
    """A log group with the retention of the options."""
    return logs.LogGroup(title, RetentionInDays=options.retention_days)
