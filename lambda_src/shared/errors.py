"""Base class of the errors that the Lambda functions report."""


class Failure(Exception):
    """Becomes a FAILED response: says what failed, where, and what to do; contains no secret."""
