"""The stack that is rehearsed: what the steps do with it, and how its channel is stopped."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from protected_stream.errors import AwsError, printable
from protected_stream.operator.change_set import ChangeSet, deleted_on_failure, new_name
from protected_stream.operator.channel import CHANGING, ON_AIR, Channel, channel_of, guard_of
from protected_stream.operator.clock import Clock, Report
from protected_stream.operator.connection import Connection
from protected_stream.operator.deletion import Remaining
from protected_stream.operator.deployed_stack import DeployedStack, find, is_in_review
from protected_stream.operator.deployment import (
    Bucket,
    Build,
    execute,
    expect_deployable,
    uploaded,
)
from protected_stream.operator.page_upload import sync
from protected_stream.operator.stack_states import IN_PROGRESS, obstacle
from protected_stream.reading.changes import Change
from protected_stream.reading.parameters import declared, for_change_set

MADE_BY = "protected-stream-rehearsal"
"""The beginning of the names of its change sets, by which it knows a stack that it has made."""
CHANNEL = "AWS::MediaLive::Channel"
LOOK_SECONDS = 15
TRIES = 3
LONGEST_SECONDS = 2400
"""For an operation of the stack to end, and then for the guard, which looks every 15 minutes."""


@dataclass(kw_only=True)
class Stage:
    """One rehearsal's build, account and stack."""

    connection: Connection
    name: str
    """The stack's."""
    build: Build
    bucket: Bucket
    page: Mapping[str, Path]
    """The page's files, by their keys in the bucket."""
    clock: Clock
    report: Report
    started: Channel | None = None
    """The channel that may be on the air because of a rehearsal."""
    kept: Sequence[Remaining] = ()
    """What stays when the stack is deleted."""
    is_starting: bool = False
    """Whether a start may have been asked for that MediaLive does not show yet."""

    def stack(self) -> DeployedStack | None:
        """The stack as it is now; None if there is none.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        return find(self.connection, self.name)

    def expect_own(self) -> None:
        """Refuses a stack that something else than a rehearsal has made or changed last.

        Raises:
            AwsError: there is one, it is changing, AWS refuses, or cannot be reached.
            BuildError: a parameter has no value, or no bucket is named.
        """
        stack = self.stack()
        deployed = stack.parameters if stack else {}
        expect_deployable(self.connection, self.build, self.name, None)
        self.build.artifacts(deployed, self.bucket.name)
        for_change_set(declared(self.build.template), self.build.values, deployed)
        if stack is None:
            return
        if why := _of_others(stack):
            raise AwsError(
                f"The stack {self.name} exists already, and {why}: a rehearsal changes and deletes"
                " its stack. Give the stream file of the rehearsal a name of its own, and build it."
            )
        if stack.status.endswith(IN_PROGRESS):
            raise AwsError(obstacle(self.name, stack.status))
        self.started = channel_of(stack, self.clock)

    def obstacle(self) -> str:
        """Why the stack cannot be updated; empty if it can.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        stack = self.stack()
        if stack is None:
            return "there is no stack"
        return _of_others(stack) or obstacle(
            self.name, stack.status, printable(stack.status_reason)
        )

    def absence(self) -> str:
        """Why there is nothing to delete; empty if there is something.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        stack = self.stack()
        return "there is no stack" if stack is None else _of_others(stack)

    def obstacle_to_start(self) -> str:
        """Why the channel cannot be started; empty if it can.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        return self.obstacle() or ("" if self.channel() else "the stack has no channel")

    def outputs(self) -> Mapping[str, str]:
        """The stack's outputs.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        stack = self.stack()
        return stack.outputs if stack else {}

    def off_the_air(self) -> str:
        """Why a step cannot show what happens on the air; empty if it can.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        why, channel = self.obstacle_to_start(), self.channel()
        if why or channel is None:
            return why
        state = channel.settled(self.report)
        return "" if state in ON_AIR else f"the channel is {state}, and not on the air"

    def channel(self) -> Channel | None:
        """The stack's channel; None if there is none.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        if self.started is None and (stack := self.stack()):
            return channel_of(stack, self.clock)
        return self.started

    def change_set(
        self,
        values: Mapping[str, str],
        *,
        executes: bool = True,
        report: Report | None = None,
    ) -> tuple[Change, ...]:
        """Deploys the build by a change set; returns what that changes, as CloudFormation lists it.

        Args:
            values: of parameters that differ from those of the build.
            executes: otherwise, the change set is only created, and deleted.
            report: is given a line for each resource; by default, the rehearsal's.

        Raises:
            AwsError: CloudFormation refuses it, the deployment failed, AWS refuses, or cannot be
                reached.
            BuildError: a parameter has no value.
        """
        stack = self.stack()
        deployed = stack.parameters if stack else {}
        body = uploaded(self.connection, self.build, deployed, self.bucket, self.report)
        change_set = ChangeSet(
            connection=self.connection,
            stack=self.name,
            name=new_name(MADE_BY),
            creates=stack is None,
            reviewed=stack is None and is_in_review(self.connection, self.name),
        )
        parameters = for_change_set(
            declared(self.build.template), {**self.build.values, **values}, deployed
        )
        with deleted_on_failure(change_set):
            change_set.create(body, parameters)
            changes = change_set.changes(self.clock)
        if changes is None or not executes:
            change_set.delete()
            return changes or ()
        sources = self.build.notes.sources
        execute(change_set, self.clock, report or self.report, changes=changes, sources=sources)
        return changes

    def upload_page(self) -> None:
        """Uploads the page.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        stack = self.stack()
        if stack and "PageBucketName" in stack.outputs:
            count, _ = sync(self.connection, self.page, stack.outputs["PageBucketName"])
            self.report(f"the page: {count} files uploaded")

    def start(self) -> None:
        """Starts the channel, and returns once it runs.

        Raises:
            AwsError: there is none, it cannot be started, AWS refuses, or cannot be reached.
        """
        channel = self.channel()
        if channel is None:
            raise AwsError("The stack has no channel.")
        self.started, self.is_starting = channel, True
        channel.start(self.report)
        self.is_starting = False

    def stop(self) -> str:
        """Stops the channel for good, and returns how it is left, as a sentence.

        While the stack is changing, its guard may have stopped the channel and start it again
        afterwards, so this waits for the end of both.

        Raises:
            AwsError: it may be on the air, or come back to it.
        """
        if self.started is None:
            return "The channel was not started."
        begin = self.clock.now()
        while True:
            _stop(self.started, self.report, just_started=self.is_starting)
            self.is_starting = False
            stack = self.stack()
            if stack is None:
                return "The channel is deleted."
            is_changing = stack.status.endswith(IN_PROGRESS)
            if not is_changing and not _restart_is_owed(stack):
                state = self.started.state()
                if state not in (*ON_AIR, *CHANGING):
                    return f"The channel is {state}."
            if self.clock.now() - begin > LONGEST_SECONDS:
                why = f"the stack is in {stack.status}" if is_changing else "a restart is owed"
                raise AwsError(f"The channel {self.started.id} may be started again, as {why}.")
            self.report("waiting until nothing starts the channel again")
            self.clock.sleep(LOOK_SECONDS)

    def restart_is_owed(self) -> bool:
        """Whether the guard starts the channel again; no if AWS does not say."""
        stack = self.stack()
        return stack is not None and _restart_is_owed(stack)


def _stop(channel: Channel, report: Report, *, just_started: bool) -> None:
    """Stops it; tries again if AWS refuses, such as while the channel is being changed."""
    for attempt in range(TRIES):
        try:
            channel.stop(report, just_started=just_started)
        except AwsError as error:
            if attempt == TRIES - 1:
                raise
            report(str(error))
            channel.clock.sleep(LOOK_SECONDS)
        else:
            return


def _of_others(stack: DeployedStack) -> str:
    """Why the stack is not for a rehearsal to change; empty if it is."""
    is_own = stack.change_set.startswith(MADE_BY)
    return "" if is_own else "something else than a rehearsal has deployed it last"


def _restart_is_owed(stack: DeployedStack) -> bool:
    """Whether the guard starts the channel again; no if AWS does not say."""
    with suppress(AwsError):
        guard = guard_of(stack)
        return guard is not None and guard.restart_is_owed
    return False
