"""EventBridge Scheduler: calls AWS APIs at planned times, with a role (universal targets).

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.aws import Aws
from preview.services.aws.policies import Access, Document, granted
from preview.services.aws.role_policies import documents, lets_in
from preview.services.clock import Clock
from preview.services.schedule_times import next_run
from preview.services.timers import Timers

SERVICE = "scheduler.amazonaws.com"
PROPERTIES = {
    "FlexibleTimeWindow",
    "GroupName",
    "Name",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "Target",
}
TARGET = {"Arn", "DeadLetterConfig", "Input", "RetryPolicy", "RoleArn"}
OPERATION = re.compile(r"arn:[a-z-]+:scheduler:::aws-sdk:(\w+):(\w+)")
OPERATIONS: Mapping[str, str] = {
    "medialive:startChannel": "start_channel",
    "medialive:stopChannel": "stop_channel",
    "ssm:putParameter": "put_parameter",
}
"""The operations of universal targets that the preview supports, and boto3's names for them."""
RETRIES, RETRY_SECONDS = 185, 86_400
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html"""
FIRST_PAUSE = 30
"""Seconds before the first retry; each pause is twice as long. AWS says only "exponential"."""
SERVER_ERROR = 500
TEMPORARY = ("ThrottlingException", "TooManyRequestsException", "InternalServerError")


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message in a dead-letter queue.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    """

    queue: str
    """The queue's ARN."""
    body: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One run of a schedule, with its retries."""

    due: float
    """Epoch seconds."""
    attempt: int = 0


@dataclass(frozen=True, kw_only=True)
class Scheduler:
    """The schedules, which run while the account's time passes."""

    clock: Clock
    resources: Resources
    aws: Aws
    timers: Timers
    dead_letters: list[DeadLetter] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Why messages did not reach the queue."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False)

    def put(self, schedule: Resource) -> None:
        """Checks a schedule, and waits for its next run.

        Raises:
            Rejected: EventBridge Scheduler refuses it.
            NotSupported: it has something that the preview does not support.
        """
        self.delete(schedule)
        _check(schedule)
        self._role(schedule)
        if self._next(schedule) is None:
            # AWS does not say whether it accepts this
            raise Rejected(
                f"{schedule.logical_id}: ValidationException: the time of"
                f" {schedule.properties['ScheduleExpression']} has passed."
            )
        self._wait(schedule)

    def delete(self, schedule: Resource) -> None:
        """Forgets a schedule, and its retries."""
        self.timers.stop(_timer(schedule))
        self.timers.stop(_retry(schedule))

    def due(self, schedule: Resource) -> float | None:
        """When a schedule runs next, in epoch seconds; None if it does not."""
        return self.timers.due(_timer(schedule))

    def repeat(self, schedule: Resource) -> None:
        """Runs a schedule once more, as EventBridge Scheduler may: it delivers at least once."""
        self._try(schedule, _Run(due=self.clock.now()))

    def _next(self, schedule: Resource) -> float | None:
        stated = schedule.properties
        zone = stated.get("ScheduleExpressionTimezone", "UTC")
        return next_run(stated["ScheduleExpression"], zone, self.clock.now())

    def _wait(self, schedule: Resource) -> None:
        due = self._next(schedule)
        if due is not None:
            self.timers.start_once(_timer(schedule), due, lambda: self._begin(schedule, due))

    def _begin(self, schedule: Resource, due: float) -> None:
        self._wait(schedule)
        try:
            self._try(schedule, _Run(due=due))
        except Rejected as refusal:
            self.lost.append(str(refusal))

    def _try(self, schedule: Resource, run: _Run) -> None:
        retries, age = _policy(schedule)
        error = self._failure(schedule, run)
        if error is None:
            return
        pause = FIRST_PAUSE * 2**run.attempt
        if not _is_temporary(error):
            self._give_up(schedule, run, error, "")
        elif run.attempt >= retries:
            self._give_up(schedule, run, error, "MaximumRetryAttempts")
        elif self.clock.now() + pause > run.due + age:
            self._give_up(schedule, run, error, "MaximumEventAgeInSeconds")
        else:
            again = _Run(due=run.due, attempt=run.attempt + 1)
            self.timers.start_once(
                _retry(schedule),
                self.clock.now() + pause,
                lambda: self._try(schedule, again),
            )

    def _failure(self, schedule: Resource, run: _Run) -> ClientError | None:
        """Calls the target's operation; returns its error."""
        target = schedule.properties["Target"]
        service, operation = _operation(schedule)
        _, age = _policy(schedule)
        if self.clock.now() > run.due + age:
            return _error("EventAgeExceeded", "The event is too old.")
        given = _with_attributes(target.get("Input", "{}"), schedule, run)
        client = self._client(service, self._role(schedule))
        try:
            getattr(client, OPERATIONS[f"{service}:{operation}"])(**json.loads(given))
        except ClientError as error:
            return error
        except (ParamValidationError, TypeError, ValueError) as error:
            return _error("ValidationException", str(error))
        return None

    def _client(self, service: str, role: Resource) -> Any:
        """A client of the service with the role's permissions."""
        key = (service, role.attributes["Arn"])
        if key not in self._clients:
            # the role's policies are those at the time of the call
            variables = self.aws.caller(
                role.logical_id, lambda access: granted(documents(self._same(role)), access)
            )
            self._clients[key] = boto3.client(
                service,  # type: ignore[call-overload]  # any service's
                region_name=self.aws.region,
                endpoint_url=self.aws.url,
                aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=variables["AWS_SESSION_TOKEN"],
                config=Config(retries={"total_max_attempts": 1}, user_agent=SERVICE),
            )
        return self._clients[key]

    def _same(self, role: Resource) -> Resource:
        return self.resources.one("AWS::IAM::Role", role.attributes["Arn"], "Arn")

    def _role(self, schedule: Resource) -> Resource:
        """The schedule's role.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html

        Raises:
            Rejected: there is none, or EventBridge Scheduler may not assume it for the group.
        """
        role = self.resources.one("AWS::IAM::Role", schedule.properties["Target"]["RoleArn"], "Arn")
        group = self.resources.one(
            "AWS::Scheduler::ScheduleGroup", schedule.properties["GroupName"]
        )
        arn = group.attributes["Arn"]
        context = {"aws:SourceArn": arn, "aws:SourceAccount": arn.split(":")[4]}
        if not lets_in(role, SERVICE, context=context):
            raise Rejected(
                f"{schedule.logical_id}: ValidationException: The execution role you provide must"
                f" allow AWS EventBridge Scheduler to assume the role ({role.logical_id})."
            )
        return role

    def _give_up(self, schedule: Resource, run: _Run, error: ClientError, exhausted: str) -> None:
        """Sends a message to the dead-letter queue, with the schedule's role."""
        target = schedule.properties["Target"]
        code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if queue is None:
            self.lost.append(f"{schedule.logical_id}: {code}: {text}")
            return
        role = self._role(schedule)
        access = Access(
            action="sqs:SendMessage",
            resource=queue,
            context={
                "aws:PrincipalArn": role.attributes["Arn"],
                "aws:SecureTransport": "true",
            },
        )
        allowed = granted([*documents(role), *self._policies_of(queue)], access)
        self.aws.record(role.logical_id, access, allowed=allowed)
        if not allowed:
            self.lost.append(f"{schedule.logical_id}: {role.logical_id} lacks {access.action}")
            return
        self.dead_letters.append(
            DeadLetter(
                queue=queue,
                body=_with_attributes(target.get("Input", "{}"), schedule, run),
                attributes={
                    "ERROR_CODE": code,
                    "ERROR_MESSAGE": text,
                    "RETRY_ATTEMPTS": str(run.attempt),
                    "SCHEDULED_TIME": _iso(run.due),
                    "SCHEDULE_ARN": schedule.attributes["Arn"],
                    "TARGET_ARN": target["Arn"],
                    **({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {}),
                },
            )
        )

    def _policies_of(self, queue_arn: str) -> list[Document]:
        """The policies of a queue, which apply to the role as well as its own.

        Raises:
            NotSupported: a statement is not about everybody.
        """
        url = self.resources.one("AWS::SQS::Queue", queue_arn, "Arn").ref
        found: list[Document] = []
        for policy in self.resources.of_type("AWS::SQS::QueuePolicy"):
            if url in policy.properties["Queues"]:
                document = policy.properties["PolicyDocument"]
                if any(one.get("Principal") != "*" for one in document["Statement"]):
                    raise NotSupported(
                        f"{policy.logical_id}: the preview supports only the principal *."
                    )
                statements = [
                    {key: value for key, value in one.items() if key != "Principal"}
                    for one in document["Statement"]
                ]
                found.append({**document, "Statement": statements})
        return found


def _check(schedule: Resource) -> None:
    stated = schedule.properties
    target = stated["Target"]
    unknown = [*(stated.keys() - PROPERTIES), *(target.keys() - TARGET)]
    if unknown:
        raise NotSupported(
            f"{schedule.logical_id}: the preview does not support {', '.join(sorted(unknown))}."
        )
    if stated["FlexibleTimeWindow"] != {"Mode": "OFF"}:
        raise NotSupported(f"{schedule.logical_id}: the preview supports no flexible time window.")
    if "GroupName" not in stated:
        raise NotSupported(
            f"{schedule.logical_id}: the preview does not support the group default."
        )
    _operation(schedule)


def _operation(schedule: Resource) -> tuple[str, str]:
    arn = schedule.properties["Target"]["Arn"]
    found = OPERATION.fullmatch(arn)
    if not found or f"{found[1]}:{found[2]}" not in OPERATIONS:
        raise NotSupported(f"{schedule.logical_id}: the preview does not support the target {arn}.")
    return found[1], found[2]


def _policy(schedule: Resource) -> tuple[int, int]:
    """How many retries there are, and the greatest age of a run in seconds."""
    stated = schedule.properties["Target"].get("RetryPolicy", {})
    return (
        int(stated.get("MaximumRetryAttempts", RETRIES)),
        int(stated.get("MaximumEventAgeInSeconds", RETRY_SECONDS)),
    )


def _is_temporary(error: ClientError) -> bool:
    """Whether a retry may help. AWS does not say which errors it retries: here, no refusal."""
    status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
    return status >= SERVER_ERROR or error.response["Error"]["Code"] in TEMPORARY


def _error(code: str, text: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": 400}},  # type: ignore[typeddict-item]  # the rest is not read
        "Target",
    )


def _with_attributes(text: str, schedule: Resource, run: _Run) -> str:
    """The input with the context attributes of this attempt.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    for name, value in {
        "attempt-number": str(run.attempt + 1),
        "execution-id": str(uuid.uuid4()),
        "schedule-arn": schedule.attributes["Arn"],
        "scheduled-time": _iso(run.due),
    }.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _timer(schedule: Resource) -> str:
    return str(schedule.attributes["Arn"])


def _retry(schedule: Resource) -> str:
    return f"retry of {schedule.attributes['Arn']}"
