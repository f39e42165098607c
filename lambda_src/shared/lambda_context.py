"""What Lambda tells a function of itself."""

from typing import Protocol


class LambdaContext(Protocol):
    """The part of Lambda's context that is used here.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds until Lambda stops the function."""
