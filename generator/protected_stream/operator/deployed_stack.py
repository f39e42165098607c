"""Deployed CloudFormation stack: its status, outputs, parameters, resources and template."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.connection import Connection

IN_REVIEW = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """A stack as CloudFormation describes it."""

    connection: Connection
    name: str
    stack_id: str
    status: str
    """CloudFormation's, such as UPDATE_COMPLETE."""
    status_reason: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    """Values of NoEcho parameters are masked as ****."""
    change_set: str = ""
    """The name of the change set that deployed it last; empty if none did.

    Source: AWS CloudFormation API Reference, Stack, ChangeSetId.
    """

    @cached_property
    def template(self) -> Mapping[str, Any]:
        """The template that was deployed last.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        client = self.connection.client("cloudformation")
        with explained(f"read the template of the stack {self.name}"):
            body = client.get_template(StackName=self.stack_id)["TemplateBody"]
        # boto3 parses a template in JSON; one in YAML stays text
        template: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
        return template

    @cached_property
    def physical_ids(self) -> Mapping[str, str]:
        """The physical ID of each resource, by logical ID.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        pages = self.connection.client("cloudformation").get_paginator("list_stack_resources")
        with explained(f"list the resources of the stack {self.name}"):
            return {
                one["LogicalResourceId"]: one.get("PhysicalResourceId", "")
                for page in pages.paginate(StackName=self.stack_id)
                for one in page["StackResourceSummaries"]
            }

    def of_type(self, kind: str) -> dict[str, str]:
        """The physical IDs of the template's resources of that type, by logical ID."""
        return {
            name: self.physical_ids.get(name, "")
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }


def find(connection: Connection, name: str) -> DeployedStack | None:
    """The stack of that name in the account and Region; None if there is none.

    A stack that only has a change set (REVIEW_IN_PROGRESS) has never been created: it is None.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    stack = _described(connection, name)
    if stack is None or stack["StackStatus"] == IN_REVIEW:
        return None
    return DeployedStack(
        connection=connection,
        name=stack["StackName"],
        stack_id=stack["StackId"],
        status=stack["StackStatus"],
        status_reason=stack.get("StackStatusReason", ""),
        outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
        parameters={
            one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])
        },
        change_set=stack.get("ChangeSetId", "").partition(":changeSet/")[2].partition("/")[0],
    )


def is_in_review(connection: Connection, name: str) -> bool:
    """Whether the stack only has change sets, and has never been created.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    stack = _described(connection, name)
    return stack is not None and stack["StackStatus"] == IN_REVIEW


def _described(connection: Connection, name: str) -> Mapping[str, Any] | None:
    with explained(f"describe the stack {name}"):
        try:
            (stack,) = connection.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if _says_there_is_none(error):
                return None
            raise
    return dict(stack)


def found(connection: Connection, name: str) -> DeployedStack:
    """The stack of that name.

    Raises:
        AwsError: there is none, AWS refuses, or cannot be reached.
    """
    stack = find(connection, name)
    if stack is None:
        raise AwsError(
            f"There is no stack {name} in account {connection.account}, Region {connection.region}."
            " Name another one with --stack, or another Region with --region."
        )
    return stack


def _says_there_is_none(error: ClientError) -> bool:
    """CloudFormation has no error code of its own for it."""
    details = error.response["Error"]
    return details["Code"] == "ValidationError" and "does not exist" in details["Message"]
