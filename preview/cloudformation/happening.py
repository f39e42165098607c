"""CloudFormation status change of a stack or one of its resources."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What a stack event reports.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
    """

    logical_id: str
    """The stack's name, if it is the stack's own status."""
    type: str
    physical_id: str
    """Empty if the resource does not exist yet."""
    status: str
    reason: str = ""
