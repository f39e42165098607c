"""Deployment of a build: code, template and parameters into a change set, and its execution."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from protected_stream.errors import AwsError, BuildError, printable
from protected_stream.operator.artifacts import (
    BUCKET,
    PREFIX,
    prepare_bucket,
    upload_code,
    upload_template,
)
from protected_stream.operator.change_set import ChangeSet, deleted_on_failure, refined
from protected_stream.operator.clock import Clock, Report, goes_on
from protected_stream.operator.connection import Connection
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.operator.stack_events import Event, follow, is_of_stack, newest_event
from protected_stream.operator.stack_states import SUCCEEDED, obstacle
from protected_stream.reading.changes import Change
from protected_stream.reading.changes import changes as differences
from protected_stream.reading.consequences import GUARD, needing_a_stop
from protected_stream.reading.parameters import declared
from protected_stream.reading.written import REQUEST_LIMIT, BuildNotes

MASKED = "****"
"""What CloudFormation shows for the value of a NoEcho parameter."""
CANCELED = " cancel"
"""In the reason for a resource that only stopped because another one failed."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """What is deployed."""

    folder: Path
    template: Mapping[str, Any]
    body: bytes
    """The template's bytes."""
    notes: BuildNotes
    values: Mapping[str, str]
    """The values of parameters that suit the template, by name."""

    @property
    def has_code(self) -> bool:
        """Whether functions' code is in zip files."""
        return BUCKET in self.template["Parameters"]

    @property
    def is_large(self) -> bool:
        """Whether the template must come from a bucket."""
        return len(self.body) > REQUEST_LIMIT

    def artifacts(self, deployed: Mapping[str, str], named: str | None) -> tuple[str, str]:
        """Bucket and prefix for what CloudFormation reads; ("", "") if it reads nothing there.

        Args:
            deployed: the deployed stack's parameter values.
            named: the bucket that the operator names.

        Raises:
            BuildError: a bucket is needed, and none is named.
        """
        bucket = named or self.values.get(BUCKET) or deployed.get(BUCKET, "")
        if not self.has_code and not self.is_large:
            return "", ""
        if not bucket:
            what = "the functions' code" if self.has_code else "a template of this size"
            raise BuildError(
                f"A bucket is needed for {what}: name one with --bucket, or add --create-bucket."
            )
        return bucket, self.values.get(PREFIX, deployed.get(PREFIX, ""))


def expect_deployable(
    connection: Connection, build: Build, name: str, stack: DeployedStack | None
) -> None:
    """Refuses what cannot succeed, before anything is uploaded.

    Raises:
        AwsError: the stack's status does not allow it, or the Region is not the template's.
    """
    if build.notes.region not in ("any", connection.region):
        raise AwsError(
            f"The template is for {build.notes.region}, and the command is about "
            f"{connection.region}: change --region, or region in the stream file."
        )
    why = obstacle(name, stack.status, printable(stack.status_reason)) if stack else ""
    if why:
        raise AwsError(why)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The bucket for what CloudFormation reads, as the operator wants it."""

    name: str | None
    """None: the one of the build, or of the deployed stack."""
    create: bool
    """Whether to create one that is missing."""


def named(connection: Connection, build: Build, stack: str, bucket: Bucket) -> tuple[Build, Bucket]:
    """The same, with a bucket named after the stack if one is to be created and none is named."""
    if not bucket.create or BUCKET in build.values or bucket.name:
        return build, bucket
    name = f"{stack.lower()}-code-{connection.account}-{connection.region}"
    own = {BUCKET: name} if build.has_code else {}
    return replace(build, values={**build.values, **own}), replace(bucket, name=name)


def uploaded(
    connection: Connection,
    build: Build,
    deployed: Mapping[str, str],
    bucket: Bucket,
    report: Report,
) -> dict[str, str]:
    """Uploads what CloudFormation reads from a bucket; returns how it gets the template.

    Args:
        connection: the account and Region.
        build: what is deployed.
        deployed: the deployed stack's parameter values.
        bucket: where to.
        report: is given a line for each file.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
        BuildError: a bucket is needed, and none is named.
    """
    name, prefix = build.artifacts(deployed, bucket.name)
    if name:
        prepare_bucket(connection, name, create=bucket.create, say=report)
    if build.has_code:
        folder = build.folder / "lambda"
        for file in upload_code(connection, build.template, folder, bucket=name, prefix=prefix):
            report(f"uploaded {file}")
    if not build.is_large:
        return {"TemplateBody": build.body.decode()}
    return {"TemplateURL": upload_template(connection, build.body, bucket=name, prefix=prefix)}


def exact_changes(
    change_set: tuple[Change, ...], build: Build, stack: DeployedStack | None, region: str
) -> tuple[Change, ...]:
    """The changes of the change set, as far as the templates tell more exactly."""
    if stack is None:
        return change_set
    former = known_values(stack)
    hidden = [one.name for one in declared(build.template) if one.is_secret]
    given = {name: text for name, text in build.values.items() if name not in hidden}
    own = differences(
        stack.template,
        build.template,
        old_values=former,
        new_values={**former, **given},
        region=region,
    )
    return tuple(refined(change_set, own))


def known_values(stack: DeployedStack) -> dict[str, str]:
    """The values of the stack's parameters, except those that CloudFormation hides."""
    return {name: text for name, text in stack.parameters.items() if text != MASKED}


def execute(
    change_set: ChangeSet,
    clock: Clock,
    report: Report,
    *,
    changes: tuple[Change, ...],
    sources: Mapping[str, str],
) -> None:
    """Deploys, and reports each resource until the operation has ended.

    Args:
        change_set: what to deploy.
        clock: between two looks.
        report: shows each resource's status.
        changes: those of the change set.
        sources: the table of the stream file that each resource comes from.

    Raises:
        AwsError: the deployment failed, with CloudFormation's first reason, or AWS cannot be
            reached meanwhile.
        KeyboardInterrupt: with what AWS goes on with.
    """
    connection, stack = change_set.connection, change_set.stack
    with deleted_on_failure(change_set):
        before = newest_event(connection, stack)
        with goes_on("If it has begun nevertheless, `protected-stream status` shows it."):
            change_set.execute()
    failure, last = "", ""
    with goes_on(
        "The deployment goes on at AWS: `protected-stream status` tells how it ends; then run "
        "`protected-stream deploy` again, for the page."
    ):
        for event in follow(connection, stack, clock, after=before):
            report(_line(event))
            failure = failure or _failure(event, changes, sources)
            last = str(event["ResourceStatus"]) if is_of_stack(event) else last
    if last not in SUCCEEDED:
        advice = obstacle(stack, last)
        raise AwsError(
            " ".join(filter(None, (f"The deployment failed ({last}).", failure, advice)))
        )


def _line(event: Event) -> str:
    return f"{event['ResourceStatus']:28} {event['LogicalResourceId']}"


def _failure(event: Event, changes: tuple[Change, ...], sources: Mapping[str, str]) -> str:
    """The reason of the resource that failed, with the table of the stream file it comes from."""
    reason = printable(event.get("ResourceStatusReason", ""))
    if not event["ResourceStatus"].endswith("_FAILED") or CANCELED in reason or is_of_stack(event):
        return ""
    name, kind = event["LogicalResourceId"], event["ResourceType"]
    # the channel guard fails because of what others have become
    causes = needing_a_stop(changes) if kind == GUARD else ()
    because = f", because of {', '.join(causes)}" if causes else ""
    tables = dict.fromkeys(f"[{sources[one]}]" for one in causes or (name,) if one in sources)
    where = f", from {' and '.join(tables)}" if tables else ""
    return f"{name} ({kind}{because}{where}): {reason.rstrip('.')}."


def addresses(outputs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The outputs that people use: where viewers watch, and where the encoder sends."""
    for name, text in sorted(outputs.items()):
        if name == "WatchAddress" or name.startswith("EncoderAddress"):
            yield name, text
