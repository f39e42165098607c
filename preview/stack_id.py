"""CloudFormation stack ID: the previewed stack and the values of its pseudo parameters."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(kw_only=True)
class StackId:
    """Name, Region, account and UUID of a stack; a client of the endpoint may name it later."""

    name: str = "live"
    region: str = "us-east-1"
    account_id: str = "123456789012"
    uuid: str = "1a2b3c4d-0000-4000-8000-0123456789ab"
    partition: str = "aws"
    url_suffix: str = "amazonaws.com"

    @property
    def arn(self) -> str:
        """The value of `AWS::StackId`."""
        place = f"arn:{self.partition}:cloudformation:{self.region}:{self.account_id}"
        return f"{place}:stack/{self.name}/{self.uuid}"

    @property
    def pseudo_parameters(self) -> Mapping[str, str]:
        """Source: CloudFormation User Guide, "Get AWS values using pseudo parameters"."""
        return {
            "AWS::AccountId": self.account_id,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackId": self.arn,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": self.url_suffix,
        }
