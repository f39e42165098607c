"""EventBridge: events in the account, the rules that invoke functions for them, and schedules.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

import json
import re
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from moto.events.models import EventPattern

from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.resources import Resources
from preview.services.clock import Clock
from preview.services.functions.asynchronous import tried
from preview.services.media import Media
from preview.services.notifications import Notifications
from preview.services.timers import Timers
from preview.stack_id import StackId

EVENTS = "events.amazonaws.com"
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
# The events have another name for IDLE.
# https://docs.aws.amazon.com/medialive/latest/ug/medialive-eventbridge-available-events.html
CHANNEL_STATES = {"IDLE": "STOPPED"}

Event = dict[str, Any]


class Invoke(Protocol):
    """Invokes functions."""

    def __call__(self, arn: str, event: Event, /, *, service: str, source_arn: str) -> object:
        """Invokes a function as an AWS service, on behalf of the resource `source_arn`.

        Raises:
            Rejected: the service lacks permission, or there is no such function.
            FunctionError: the function failed.
        """


class Events:
    """Queues events until `tell` is called: a function must not be invoked while it runs."""

    def __init__(
        self,
        *,
        stack: StackId,
        clock: Clock,
        resources: Resources,
        media: Media,
        invoke: Invoke,
        notifications: Notifications,
    ) -> None:
        self.lost: list[str] = []
        """Why events did not reach their targets, or were dropped after the retries."""
        self._stack, self._clock, self._resources = stack, clock, resources
        self._media, self._invoke = media, invoke
        self._notifications = notifications
        self.dropped: Callable[[str], None] = _nobody
        """Is called with the ARN of a function whose event was dropped after the retries."""
        self._waiting: deque[Event] = deque()
        self.timers = Timers(now=clock.now)
        """The schedules of rules, by ARN, and of other services."""

    def stack_is(self, status: str) -> None:
        """Queues the event for a stack status change."""
        arn = self._stack.arn
        self._happened(
            "aws.cloudformation",
            "CloudFormation Stack Status Change",
            [arn],
            {"stack-id": arn, "status-details": {"status": status, "status-reason": ""}},
        )

    def tell(self) -> None:
        """Invokes the functions for all queued events."""
        while True:
            self._hear_of_channels()
            if not self._waiting:
                return
            event = self._waiting.popleft()
            for rule in self._resources.of_type("AWS::Events::Rule"):
                if _matches(rule, event):
                    self._call(rule, event)

    def pass_time(self, seconds: float) -> None:
        """Moves the clock forward; events and schedules in that time invoke functions."""
        end = self._clock.now() + seconds
        while True:
            self.tell()
            due = self.timers.next_due()
            if due is None or due > end:
                self._clock.skip(max(end - self._clock.now(), 0))
                self.tell()
                return
            self._clock.skip(max(due - self._clock.now(), 0))
            self.timers.run_next()

    def schedule(self, rule: Resource) -> None:
        """Starts a rule's schedule now, if it has one."""
        arn = rule.attributes["Arn"]
        self.timers.stop(arn)
        if "ScheduleExpression" in rule.properties:
            self.timers.start(arn, period(rule), lambda: self._scheduled(rule))

    def _scheduled(self, rule: Resource) -> None:
        arn = rule.attributes["Arn"]
        self._call(rule, self._event("aws.events", "Scheduled Event", [arn], {}))

    def _hear_of_channels(self) -> None:
        stack = self._stack
        place = f"arn:{stack.partition}:medialive:{stack.region}:{stack.account_id}"
        for change in self._media.news():
            arn = f"{place}:channel:{change.channel_id}"
            state = CHANNEL_STATES.get(change.state, change.state)
            detail = {"channel_arn": arn, "state": state}
            self._happened(
                "aws.medialive", "MediaLive Channel State Change", [arn], detail, at=change.at
            )

    def _happened(
        self,
        source: str,
        kind: str,
        resources: Sequence[str],
        detail: Event,
        *,
        at: float | None = None,
    ) -> None:
        self._waiting.append(self._event(source, kind, resources, detail, at=at))

    def _event(
        self,
        source: str,
        kind: str,
        resources: Sequence[str],
        detail: Event,
        *,
        at: float | None = None,
    ) -> Event:
        """https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html ."""
        time = datetime.fromtimestamp(self._clock.now() if at is None else at, UTC)
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": kind,
            "source": source,
            "account": self._stack.account_id,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._stack.region,
            "resources": list(resources),
            "detail": detail,
        }

    def _call(self, rule: Resource, event: Event) -> None:
        for target in rule.properties["Targets"]:
            arn = target["Arn"]
            if self._notifications.is_topic(arn):
                text = transformed(target, event)
                failure = self._notifications.publish(arn, text, service=EVENTS, context={})
            else:
                failure = self._failure_of_function(rule, arn, event)
            if failure:
                self.lost.append(f"{rule.logical_id}: {event['detail-type']}: {failure}")

    def _failure_of_function(self, rule: Resource, arn: str, event: Event) -> str:
        """Why Lambda dropped the event in the end, or ""."""
        try:
            failure = tried(
                self._resources,
                self._clock,
                arn,
                lambda: self._invoke(arn, event, service=EVENTS, source_arn=rule.attributes["Arn"]),
            )
        except Rejected as refusal:
            return str(refusal)
        if failure:
            self.dropped(arn)
        return failure


def _nobody(_: str) -> None:
    """Nobody counts dropped events yet."""


def transformed(target: Mapping[str, Any], event: Event) -> str:
    """What a target receives: a text with parts of the event, or the event.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """
    stated = target.get("InputTransformer")
    if stated is None:
        return json.dumps(event)
    text = str(json.loads(stated["InputTemplate"]))
    for name, path in stated["InputPathsMap"].items():
        value: Any = event
        for part in path.removeprefix("$.").split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        text = text.replace(f"<{name}>", str(value))
    return text


def period(rule: Resource) -> float:
    """Seconds between two runs of a rule's schedule.

    Raises:
        NotSupported: it is not a rate expression.
    """
    expression = rule.properties["ScheduleExpression"]
    rate = RATE.fullmatch(expression)
    if not rate:
        raise NotSupported(f"{rule.logical_id}: the preview does not support {expression}.")
    return int(rate[1]) * UNITS[rate[2]]


def _matches(rule: Resource, event: Event) -> bool:
    if "EventPattern" not in rule.properties or rule.properties.get("State") == "DISABLED":
        return False
    pattern = EventPattern.load(json.dumps(rule.properties["EventPattern"]))
    return bool(pattern.matches_event(event))  # type: ignore[arg-type]  # moto's TypedDict
