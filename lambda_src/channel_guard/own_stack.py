"""The stack that the function belongs to, as CloudFormation knows it at this moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.calls import Calls, Refused

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_AT_REST = ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
_WAY_BACK = "UPDATE_ROLLBACK_"


@dataclass(frozen=True, kw_only=True)
class OwnStack:
    """Asks CloudFormation. All methods may raise a `Failure`."""

    calls: Calls
    client: "CloudFormationClient"
    stack_id: str

    def is_updated(self) -> bool:
        """Whether an update, or the way back from one that failed, has come to its end."""
        return self._status() in _AT_REST

    def is_on_its_way_back(self) -> bool:
        """Whether an update has failed and is being undone."""
        return self._status().startswith(_WAY_BACK)

    def physical_id(self, logical_id: str) -> str | None:
        """The id of one of the stack's resources, which no Ref could tell without a circle."""
        try:
            answer = self.calls(
                "cloudformation:DescribeStackResource",
                self.client.describe_stack_resource,
                StackName=self.stack_id,
                LogicalResourceId=logical_id,
            )
        except Refused as refusal:
            # "Resource ... does not exist for stack ..."
            if refusal.code != "ValidationError":
                raise
            return None
        return answer["StackResourceDetail"].get("PhysicalResourceId") or None

    def _status(self) -> str:
        answer = self.calls(
            "cloudformation:DescribeStacks", self.client.describe_stacks, StackName=self.stack_id
        )
        return answer["Stacks"][0]["StackStatus"]
