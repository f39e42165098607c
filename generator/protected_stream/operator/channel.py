"""MediaLive channel of a deployed stack: its state, starting and stopping it, its guard's notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError, BuildError
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock, Report, moment
from protected_stream.operator.connection import Connection
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.reading.consequences import STOP_TO_UPDATE

ON_AIR = ("RUNNING", "RECOVERING")
"""The states of a channel that streams, and that can be stopped."""
STARTING = "STARTING"
CHANGING = ("CREATING", STARTING, "STOPPING", "UPDATING", "DELETING")
"""The states that pass without help. Source: AWS Elemental MediaLive User Guide, "States for
channels"."""

HOW_LONG = {STARTING: ", usually for a minute or two"}
"""What is said of a state that lasts."""
POLL_SECONDS = 5
LONGEST_SECONDS = 900
"""A start takes a minute or two; after this long, something is wrong."""
UNCHANGED_SECONDS = 30
"""How long MediaLive may describe a channel as before after it has accepted a start or a stop."""

FIRST_ZONE, LAST_ZONE = -12, 14
"""Hours from UTC: somewhere between them it is a day as long as the guard accepts its date."""

SINCE, OWED = "running-since", "restart-owed"
"""Names of the guard's notes in Parameter Store; a test compares them with the function's."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """The stack's channel."""

    connection: Connection
    id: str
    clock: Clock

    def description(self) -> Mapping[str, Any]:
        """MediaLive's description; one of a deleted channel has a State alone.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained(f"describe the channel {self.id}"):
            try:
                found: Mapping[str, Any] = self._client.describe_channel(ChannelId=self.id)
            except ClientError as error:
                if error.response["Error"]["Code"] == "NotFoundException":
                    return {"State": "DELETED"}
                raise
        return found

    def state(self) -> str:
        """MediaLive's state of the channel, such as IDLE.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        return str(self.description()["State"])

    def start(self, report: Report) -> bool:
        """Starts it, and returns once it runs: False if it ran already.

        Raises:
            AwsError: it cannot be started, AWS refuses, or cannot be reached.
        """
        state = self.settled(report)
        if state in ON_AIR:
            return False
        if state != "IDLE":
            raise AwsError(f"The channel {self.id} is {state}, so it cannot be started.")
        with explained(f"start the channel {self.id}"):
            self._client.start_channel(ChannelId=self.id)
        state = self.settled(report, until_changed_from=("IDLE",))
        if state not in ON_AIR:
            raise AwsError(
                f"The channel {self.id} has not started: it is {state} again. It may not have been"
                " able to assume its role or to reach the packager: see its alerts in MediaLive's"
                " console."
            )
        return True

    def stop(self, report: Report, *, just_started: bool = False) -> bool:
        """Stops it, and returns once it is idle: False if it was not on the air.

        A channel that is starting is stopped once it runs: MediaLive refuses it earlier.

        Args:
            report: is given the states on the way.
            just_started: a start may have been asked for that MediaLive does not show yet.

        Raises:
            AwsError: it cannot be stopped, AWS refuses, or cannot be reached.
        """
        if self.settled(report, ("IDLE",) if just_started else ()) not in ON_AIR:
            return False
        with explained(f"stop the channel {self.id}"):
            self._client.stop_channel(ChannelId=self.id)
        state = self.settled(report, until_changed_from=ON_AIR)
        if state in ON_AIR:
            raise AwsError(f"The channel {self.id} is {state} again: somebody has started it.")
        return True

    def settled(self, report: Report, until_changed_from: tuple[str, ...] = ()) -> str:
        """The state, as soon as it is none that passes.

        Args:
            report: is given the states on the way.
            until_changed_from: states that MediaLive may still report for some seconds.

        Raises:
            AwsError: it takes too long, AWS refuses, or cannot be reached.
        """
        begin = self.clock.now()
        while True:
            state, waited = self.state(), self.clock.now() - begin
            is_as_before = state in until_changed_from and waited < UNCHANGED_SECONDS
            if state not in CHANGING and not is_as_before:
                return state
            if waited > LONGEST_SECONDS:
                minutes = LONGEST_SECONDS // 60
                raise AwsError(f"The channel {self.id} is still {state} after {minutes} minutes.")
            report(f"channel {self.id}: {state}{HOW_LONG.get(state, '')}")
            self.clock.sleep(POLL_SECONDS)

    def alerts(self, *, with_cleared: bool = False) -> list[str]:
        """What MediaLive complains about now, or did.

        Args:
            with_cleared: also what has passed, such as why a channel is idle again.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        pages = self._client.get_paginator("list_alerts")
        only = {} if with_cleared else {"StateFilter": "SET"}
        with explained(f"list the alerts of the channel {self.id}"):
            return [
                f"pipeline {one.get('PipelineId', '?')}: {one.get('AlertType', '')}: "
                f"{one.get('Message', '')}"
                for page in pages.paginate(ChannelId=self.id, **only)
                for one in page.get("Alerts", [])
            ]

    @cached_property
    def _client(self) -> Any:
        return self.connection.client("medialive")


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What the stack's channel guard has noted, and when it stops the channel."""

    since: float | None
    """Epoch seconds of the last start; None if the channel is idle, or nothing is noted yet."""
    restart_is_owed: bool
    """The guard stopped the channel for an update, and starts it again."""
    stop_after_seconds: int
    """0: never."""

    @property
    def stops(self) -> float | None:
        """When it stops the channel, in epoch seconds; the look that does comes within 15 minutes.

        None if it does not.
        """
        if self.since is None or not self.stop_after_seconds:
            return None
        return self.since + self.stop_after_seconds


def channel_of(stack: DeployedStack, clock: Clock) -> Channel | None:
    """The stack's channel; None if it has none, or has not created it.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    for channel_id in stack.of_type("AWS::MediaLive::Channel").values():
        if channel_id:
            return Channel(connection=stack.connection, id=channel_id, clock=clock)
    return None


def the_channel_of(stack: DeployedStack, clock: Clock) -> Channel:
    """The stack's channel.

    Raises:
        AwsError: it has none, AWS refuses, or cannot be reached.
    """
    channel = channel_of(stack, clock)
    if channel is None:
        raise AwsError(
            f"The stack {stack.name} has no channel: either it protects a stream that is on the air"
            ' elsewhere (packaging.mode = "existing"), which is started and stopped there, or its'
            " creation has not got that far."
        )
    return channel


def refuse_during_update(stack: DeployedStack) -> None:
    """Refuses to change the channel's state while CloudFormation may change the channel.

    Raises:
        AwsError: an operation of the stack is in progress.
    """
    if stack.status.endswith("_IN_PROGRESS"):
        raise AwsError(
            f"The stack {stack.name} is in {stack.status}, and MediaLive changes only idle"
            " channels. Wait until the operation has ended; the stack then starts a channel that it"
            " has stopped for an update."
        )


def takes_off_the_air(
    stack: DeployedStack, clock: Clock, *, names: tuple[str, ...], date: str
) -> bool:
    """Whether an update stops the running channel, and starts it again.

    Source: docs/on-air.md.

    Args:
        stack: as deployed.
        clock: says which dates count.
        names: what the update changes that a running channel does not allow; none: no stop.
        date: the value of the parameter STOP_TO_UPDATE.

    Raises:
        BuildError: the channel is on the air, and the date is not today's: the stack's channel
            guard would refuse the update.
        AwsError: AWS refuses, or cannot be reached.
    """
    channel = channel_of(stack, clock) if names else None
    if channel is None or channel.state() not in (STARTING, *ON_AIR):
        return False
    if date in dates_that_count(clock):
        return True
    today = f"{STOP_TO_UPDATE}={moment(clock.now()):%Y-%m-%d}"
    raise BuildError(
        f"The channel {channel.id} is on the air, and cannot stay there while {', '.join(names)}"
        f" {'changes' if len(names) == 1 else 'change'}, so the update would be refused: stop it"
        " first with `protected-stream stop`, or let the update stop and restart it with today's"
        f" date in the parameters file, `protected-stream parameters --set {today}`."
    )


def dates_that_count(clock: Clock) -> frozenset[str]:
    """The dates that it is now somewhere on Earth, as STOP_TO_UPDATE has them."""
    hours = (FIRST_ZONE, 0, LAST_ZONE)
    return frozenset(f"{moment(clock.now() + 3600 * one):%Y-%m-%d}" for one in hours)


def guard_of(stack: DeployedStack) -> Guard | None:
    """The stack's channel guard; None if the template has none.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    for resource in stack.template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            variables = resource["Properties"].get("Environment", {}).get("Variables", {})
            if "STOP_AFTER_SECONDS" in variables:
                return _guard(stack, variables)
    return None


def _guard(stack: DeployedStack, variables: Mapping[str, Any]) -> Guard:
    folder = variables["NOTES"]["Fn::Sub"].replace("${AWS::StackName}", stack.name)
    with explained("read the notes of the channel guard"):
        found = stack.connection.client("ssm").get_parameters(
            Names=[f"{folder}/{name}" for name in (SINCE, OWED)]
        )["Parameters"]
    notes = {one["Name"].rpartition("/")[2]: one["Value"] for one in found}
    since = notes.get(SINCE, "")
    return Guard(
        since=float(since) if since.isdecimal() else None,
        restart_is_owed=OWED in notes,
        stop_after_seconds=int(variables["STOP_AFTER_SECONDS"]),
    )
