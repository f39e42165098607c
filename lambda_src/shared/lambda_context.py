"""Lambda context object."""

from typing import Protocol


class LambdaContext(Protocol):
    """The part of the Lambda context object that the functions use.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds until Lambda stops the function."""
