"""CloudFormation change sets: what a deployment would change, before anything is changed."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError, printable
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock
from protected_stream.operator.connection import Connection
from protected_stream.reading.changes import Change, Effect

POLL_SECONDS = 2
NOTHING_CHANGES = ("didn't contain changes", "No updates are to be performed")
"""What an empty change set fails with. Source: AWS CloudFormation API Reference, and experience of
the AWS CLI (awscli/customizations/cloudformation/deployer.py)."""
CAPABILITIES = ["CAPABILITY_IAM"]
ACTIONS: Mapping[str, Effect] = {"Add": Effect.ADDED, "Remove": Effect.REMOVED}
REPLACEMENTS: Mapping[str, Effect] = {
    "True": Effect.REPLACED,
    "Conditional": Effect.PERHAPS_REPLACED,
}
KEPT = ("Retain", "ReplaceAndRetain")
AT_AWS = ("Properties", "Tags")
"""The parts of a resource that exist at AWS; Metadata and policies only CloudFormation knows."""


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """A change set, which exists until it is executed or deleted."""

    connection: Connection
    stack: str
    """The stack's name."""
    name: str
    creates: bool
    """Whether the stack does not exist yet."""
    reviewed: bool
    """Whether the stack had a change set before, and was never created."""

    def create(self, template: Mapping[str, str], parameters: list[dict[str, Any]]) -> None:
        """Asks CloudFormation for it.

        Args:
            template: TemplateBody or TemplateURL.
            parameters: as CreateChangeSet takes them.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained(f"create a change set for the stack {self.stack}"):
            self._client.create_change_set(
                StackName=self.stack,
                ChangeSetName=self.name,
                ChangeSetType="CREATE" if self.creates else "UPDATE",
                Parameters=parameters,
                Capabilities=CAPABILITIES,
                **template,
            )

    def changes(self, clock: Clock) -> tuple[Change, ...] | None:
        """What it changes, once CloudFormation knows; None if nothing.

        Raises:
            AwsError: CloudFormation refuses the template, AWS refuses, or cannot be reached.
        """
        while True:
            answer = self._described()
            if answer["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                break
            clock.sleep(POLL_SECONDS)
        if answer["Status"] == "FAILED":
            reason = printable(answer.get("StatusReason", "it gave no reason")).rstrip(".")
            if any(text in reason for text in NOTHING_CHANGES):
                return None
            raise AwsError(f"CloudFormation refuses the template: {reason}.")
        return tuple(_changes(answer["Changes"]))

    def _described(self) -> dict[str, Any]:
        """The whole description; DescribeChangeSet returns changes by pages."""
        with explained("describe the change set"):
            answer = dict(
                self._client.describe_change_set(StackName=self.stack, ChangeSetName=self.name)
            )
            changes = list(answer.get("Changes", ()))
            token = answer.get("NextToken")
            while token:
                page = self._client.describe_change_set(
                    StackName=self.stack, ChangeSetName=self.name, NextToken=token
                )
                changes += page.get("Changes", ())
                token = page.get("NextToken")
        return {**answer, "Changes": changes}

    def execute(self) -> None:
        """Starts the deployment.

        Raises:
            AwsError: AWS refuses, such as for an operation in progress, or cannot be reached.
        """
        with explained(f"deploy the stack {self.stack}"):
            self._client.execute_change_set(
                StackName=self.stack, ChangeSetName=self.name, ClientRequestToken=self.name
            )

    def delete(self) -> None:
        """Deletes it, and the empty stack that came with it.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained(f"delete the change set {self.name}"):
            try:
                self._client.delete_change_set(StackName=self.stack, ChangeSetName=self.name)
                if self.creates and not self.reviewed:
                    self._client.delete_stack(StackName=self.stack)
            except ClientError as error:
                # interrupted before CloudFormation had it
                if error.response["Error"]["Code"] not in ("ChangeSetNotFound", "ValidationError"):
                    raise

    @property
    def _client(self) -> Any:
        return self.connection.client("cloudformation")


def new_name(beginning: str = "protected-stream") -> str:
    """A name that no other change set of the stack has."""
    return f"{beginning}-{secrets.token_hex(8)}"


@contextmanager
def deleted_on_failure(change_set: ChangeSet) -> Iterator[None]:
    """Deletes the change set, whatever prevents its execution inside.

    One whose execution has begun nevertheless cannot be deleted, and stays.
    """
    try:
        yield
    except BaseException:
        with suppress(AwsError):
            change_set.delete()
        raise


def _changes(listed: list[dict[str, Any]]) -> Iterator[Change]:
    """The changes of resources. Source: AWS CloudFormation API Reference, ResourceChange."""
    for one in listed:
        change = one.get("ResourceChange", {})
        is_at_aws = not change.get("Scope") or any(part in AT_AWS for part in change["Scope"])
        if not change or (change["Action"] == "Modify" and not is_at_aws):
            continue
        details = change.get("Details", [])
        static = [item for item in details if item.get("Evaluation") != "Dynamic"]
        yield Change(
            name=change["LogicalResourceId"],
            kind=change["ResourceType"],
            effect=ACTIONS.get(change["Action"])
            or REPLACEMENTS.get(change.get("Replacement", ""), Effect.IN_PLACE),
            properties=tuple(dict.fromkeys(filter(None, map(_property, static or details)))),
            kept=change.get("PolicyAction") in KEPT,
            certain=not details or bool(static),
        )


def _property(detail: Mapping[str, Any]) -> str:
    target = detail.get("Target", {})
    return str(target.get("Name") or "Tags" * (target.get("Attribute") == "Tags"))


def refined(changes: tuple[Change, ...], own: tuple[Change, ...]) -> Iterator[Change]:
    """The changes of a change set, with what comparing the templates tells more exactly.

    CloudFormation lists whatever refers to a changed resource, as it does not know whether the
    attribute referred to changes; the templates tell that it does not.

    Args:
        changes: those of the change set.
        own: the differences of the templates.
    """
    known = {one.name: one for one in own}
    for change in changes:
        same = known.get(change.name)
        if same is None:
            if change.certain:
                yield change
            continue
        uncertain = change.effect is Effect.PERHAPS_REPLACED or same.effect is Effect.REFUSED
        # the templates tell what inside a property changes, but not what CloudFormation hides
        more = [path for path in change.properties if change.certain and not _has(same, path)]
        yield replace(
            change,
            effect=same.effect if uncertain else change.effect,
            properties=(*same.properties, *more),
            why=same.why,
        )


def _has(change: Change, path: str) -> bool:
    """Whether the change is of that property, or of something in it."""
    return any(one == path or one.startswith(f"{path}.") for one in change.properties)
