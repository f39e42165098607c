"""CloudFormation stacks of an account, of which one exists at a time: change sets and operations.

An operation runs in a thread of its own, so that clients poll. Refusals have CloudFormation's
codes, and its wording where a client reads it.

Source: CloudFormation API Reference; CloudFormation User Guide, "Stack status codes".
"""

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from preview.account import Account
from preview.cloudformation.happening import Happening
from preview.cloudformation.redaction import redacted
from preview.cloudformation.stack import Stack, not_echoed_names, scope_of
from preview.cloudformation.validation import check_keys, check_rules
from preview.endpoint.changes import NOTHING, Change, Deployed, Plan
from preview.endpoint.templates import parsed, validation_error
from preview.errors import PreviewError
from preview.services.aws.aws_error import AwsError

STACK = "AWS::CloudFormation::Stack"
NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a"
    " change set."
)
NO_UPDATES = "No updates are to be performed."
REVIEW = "REVIEW_IN_PROGRESS"
UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
ENDS = ("_COMPLETE", "_FAILED")

Declared = Mapping[str, Mapping[str, Any]]
Before = Callable[[Account, Declared, Mapping[str, str]], None]
After = Callable[[Account, Mapping[str, str]], None]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a change set asks for."""

    name: str
    kind: str
    """CREATE or UPDATE."""
    body: str
    parameters: Mapping[str, str]
    capabilities: Sequence[str] = ()
    tags: Sequence[Mapping[str, str]] = ()
    description: str | None = None


@dataclass(kw_only=True)
class ChangeSet:
    """A change set as DescribeChangeSet shows it."""

    id: str
    request: Request
    created: datetime
    changes: Sequence[Change]
    reason: str | None
    """Why it failed; None if it can be executed."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A stack event."""

    id: str
    at: datetime
    happening: Happening


@dataclass(kw_only=True)
class Record:
    """A stack as CloudFormation's API shows it."""

    name: str
    id: str
    stack: Stack
    created: datetime
    status: str = REVIEW
    reason: str = ""
    updated: datetime | None = None
    deleted: datetime | None = None
    deployed: Request | None = None
    """What the last successful operation deployed, or the creation tried to."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    last_change_set: str | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def template(self) -> Mapping[str, Any]:
        """The deployed template."""
        return parsed(self.deployed.body) if self.deployed else {}

    @property
    def shown_parameters(self) -> list[dict[str, str]]:
        """The parameter values, NoEcho ones as stars."""
        return shown(self.deployed) if self.deployed else []


class Stacks:
    """The account's stack, its change sets, and the operation in progress."""

    def __init__(self, account: Account, *, before: Before, after: After) -> None:
        """`before` and `after` are called around each creation and update."""
        self.account = account
        self.all: list[Record] = []
        """Deleted ones too; at most one is there."""
        self._before, self._after = before, after
        self._one_at_a_time = threading.RLock()
        self._operating = threading.Lock()
        """Is held while an operation changes resources."""
        self._operation: threading.Thread | None = None

    def current(self) -> Record | None:
        """The stack that is there."""
        return next((one for one in self.all if one.deleted is None), None)

    def named(self, name_or_id: str) -> Record:
        """The stack with that name or ID; deleted ones only by ID.

        Raises:
            AwsError: there is none.
        """
        for one in self.all:
            if name_or_id == one.id or (name_or_id == one.name and one.deleted is None):
                return one
        raise validation_error(f"Stack with id {name_or_id} does not exist")

    def propose(self, stack: str, request: Request) -> ChangeSet:
        """Creates a change set, and for a new stack the stack that is in review.

        Raises:
            AwsError: CloudFormation would refuse the request.
        """
        with self._one_at_a_time:
            is_new = request.kind == "CREATE"
            record = self._to_create(stack, request) if is_new else self._to_update(stack)
            if request.name in record.change_sets:
                raise AwsError("AlreadyExistsException", f"ChangeSet {request.name} already exists")
            changes, reason = self._planned(record, request)
            place = record.id.rpartition(":stack/")[0]
            made = ChangeSet(
                id=f"{place}:changeSet/{request.name}/{uuid.uuid4()}",
                request=request,
                created=self._now(),
                changes=changes,
                reason=reason,
            )
            if not any(one is record for one in self.all):
                self.all.append(record)
                self._record(record, _of_stack(record, REVIEW, "User Initiated"))
            record.change_sets[request.name] = made
            return made

    def change_set(self, name_or_id: str, stack: str | None) -> tuple[Record, ChangeSet]:
        """A change set and its stack.

        Raises:
            AwsError: there is none.
        """
        records = [self.named(stack)] if stack else self.all
        for record in records:
            for one in record.change_sets.values():
                if name_or_id in (one.id, one.request.name):
                    return record, one
        raise AwsError("ChangeSetNotFoundException", f"ChangeSet [{name_or_id}] does not exist")

    def discard(self, name_or_id: str, stack: str | None) -> None:
        """Deletes a change set; the stack in review stays, as on AWS."""
        with self._one_at_a_time, contextlib.suppress(AwsError):
            record, one = self.change_set(name_or_id, stack)
            del record.change_sets[one.request.name]

    def execute(self, name_or_id: str, stack: str | None) -> None:
        """Begins to create or update the stack.

        Raises:
            AwsError: the change set cannot be executed.
        """
        with self._one_at_a_time:
            record, one = self.change_set(name_or_id, stack)
            if one.reason is not None:
                raise AwsError(
                    "InvalidChangeSetStatusException",
                    f"ChangeSet [{one.id}] cannot be executed in its current status of [FAILED]",
                )
            if record.status not in (REVIEW, *UPDATABLE):
                raise _wrong_state(record)
            record.last_change_set = one.id
            record.change_sets.clear()
            verb = "CREATE" if record.status == REVIEW else "UPDATE"
            self._begin(record, f"{verb}_IN_PROGRESS", lambda: self._deploy(record, one.request))

    def delete(self, name_or_id: str) -> None:
        """Begins to delete a stack; does nothing if there is none.

        Raises:
            AwsError: an operation is in progress.
        """
        with self._one_at_a_time:
            record = next(
                (one for one in self.all if name_or_id in (one.id, one.name) and not one.deleted),
                None,
            )
            if record is None:
                return
            if record.status == REVIEW:
                record.status, record.deleted = "DELETE_COMPLETE", self._now()
                return
            if record.status.endswith("_IN_PROGRESS"):
                raise validation_error(
                    f"Stack [{record.id}] cannot be deleted while in status {record.status}"
                )
            self._begin(record, "DELETE_IN_PROGRESS", lambda: self._delete(record))

    @contextlib.contextmanager
    def between_operations(self) -> Iterator[bool]:
        """Whether no operation is in progress, and none begins while the context is open."""
        is_free = self._operating.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                self._operating.release()

    def wait(self, seconds: float | None = None) -> None:
        """Waits for the end of the operation in progress, at most for that long."""
        operation = self._operation
        if operation is not None:
            operation.join(seconds)

    def _to_create(self, stack: str, request: Request) -> Record:
        """The stack in review for a change set that creates."""
        there = self.current()
        if there is None:
            identity = self.account.stack
            identity.name = stack
            identity.uuid = identity.uuid if not self.all else str(uuid.uuid4())
            self.account.stack_status = REVIEW
            record = Record(
                name=stack, id=identity.arn, stack=Stack(account=self.account), created=self._now()
            )
            record.stack.tell = lambda happening: self._hear(record, happening)
            return record
        if stack not in (there.name, there.id):
            raise validation_error(
                f"The preview has one stack at a time, and has {there.name}: {stack} cannot be"
                f" created before {there.name} is deleted."
            )
        if there.status != REVIEW:
            raise validation_error(
                f"Stack [{there.name}] already exists and cannot be created again with the"
                f" changeSet [{request.name}]."
            )
        return there

    def _to_update(self, stack: str) -> Record:
        """The stack for a change set that updates."""
        record = self.named(stack)
        if record.deleted or record.status not in UPDATABLE:
            raise _wrong_state(record)
        return record

    def _planned(self, record: Record, request: Request) -> tuple[Sequence[Change], str | None]:
        """The changes, and the reason if there are none."""
        template = parsed(request.body)
        before = record.deployed
        try:
            check_keys(template)
            scope = scope_of(
                template,
                request.parameters,
                self.account.stack,
                dict(self.account.resources.by_logical_id) if before else {},
            )
            check_rules(template, scope)
            now = (
                Deployed(template=record.template, parameters=before.parameters)
                if before
                else NOTHING
            )
            changes = Plan(
                now=now,
                then=Deployed(template=template, parameters=request.parameters),
                scope=scope,
                region=self.account.stack.region,
            ).changes()
            if changes or before is None or self._other_outputs(record, template, scope):
                return changes, None
        except PreviewError as refusal:
            raise validation_error(self._masked(request, str(refusal))) from None
        same = request.body == before.body and request.parameters == before.parameters
        return [], NO_CHANGES if same else NO_UPDATES

    def _other_outputs(self, record: Record, template: Mapping[str, Any], scope: Any) -> bool:
        wanted = {
            name: scope.text(one["Value"])
            for name, one in template.get("Outputs", {}).items()
            if "Condition" not in one or scope.holds(one["Condition"])
        }
        return wanted != record.outputs

    def _begin(self, record: Record, status: str, act: Callable[[], None]) -> None:
        """Runs an operation in a thread; its status is there before the client's next request."""
        self._move(record, status, "")
        self._operation = threading.Thread(target=self._run, args=(record, act), daemon=True)
        self._operation.start()

    def _run(self, record: Record, act: Callable[[], None]) -> None:
        try:
            with self._operating:
                act()
        except Exception as fault:  # a client that polls would wait forever
            verb = record.status.partition("_")[0]
            self._end(record, f"{verb}_FAILED", f"The preview itself failed: {fault!r}")
            raise

    def _deploy(self, record: Record, request: Request) -> None:
        template, is_new = parsed(request.body), record.deployed is None
        if is_new:
            record.deployed = request
        else:
            record.updated = self._now()
        reason = ""
        try:
            self._before(self.account, template.get("Parameters", {}), request.parameters)
            record.stack.deploy(template, request.parameters)
            self._after(self.account, record.stack.outputs)
        except PreviewError as refusal:
            reason = self._masked(request, str(refusal))
        if not reason:
            record.deployed, record.outputs = request, dict(record.stack.outputs)
            self._end(record, self.account.stack_status, "")
        elif is_new:
            self._roll_back_creation(record, reason)
        else:
            failed = self.account.stack_status == "UPDATE_ROLLBACK_FAILED"
            end = "UPDATE_ROLLBACK_FAILED" if failed else "UPDATE_ROLLBACK_COMPLETE"
            self._end(record, end, reason)

    def _roll_back_creation(self, record: Record, reason: str) -> None:
        self._move(record, "ROLLBACK_IN_PROGRESS", reason)
        try:
            record.stack.roll_back_creation()
        except PreviewError as refusal:
            self._end(record, "ROLLBACK_FAILED", str(refusal))
        else:
            self._end(record, "ROLLBACK_COMPLETE", reason)

    def _delete(self, record: Record) -> None:
        try:
            record.stack.delete()
        except PreviewError as refusal:
            self._end(record, "DELETE_FAILED", str(refusal))
            return
        record.deleted = self._now()
        self._end(record, "DELETE_COMPLETE", "")

    def _hear(self, record: Record, happening: Happening) -> None:
        """Records what the stack tells, except the ends of operations, which `_end` records."""
        if happening.type != STACK:
            self._record(record, happening)
        elif not happening.status.endswith(ENDS):
            self._move(record, happening.status, "")

    def _move(self, record: Record, status: str, reason: str) -> None:
        if status != record.status:
            record.status, record.reason = status, reason
            self._record(record, _of_stack(record, status, reason))

    def _end(self, record: Record, status: str, reason: str) -> None:
        self._record(record, _of_stack(record, status, reason))
        record.reason, record.status = reason, status

    def _record(self, record: Record, happening: Happening) -> None:
        if record.deployed:
            reason = self._masked(record.deployed, happening.reason)
            happening = Happening(**{**vars(happening), "reason": reason})
        record.events.append(Event(id=str(uuid.uuid4()), at=self._now(), happening=happening))

    def _masked(self, request: Request, text: str) -> str:
        values = [
            request.parameters[name]
            for name in not_echoed_names(parsed(request.body))
            if name in request.parameters
        ]
        return redacted(values, text)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.account.clock.now(), UTC).replace(tzinfo=None)


def shown(request: Request) -> list[dict[str, str]]:
    """The parameter values of a request, NoEcho ones as stars."""
    hidden = not_echoed_names(parsed(request.body))
    declared = parsed(request.body).get("Parameters", {})
    return [
        {
            "ParameterKey": name,
            "ParameterValue": (
                "****"
                if name in hidden
                else str(request.parameters.get(name, declared[name].get("Default", "")))
            ),
        }
        for name in declared
    ]


def resource_statuses(record: Record) -> Iterator[Event]:
    """The last event of each resource of a stack, in the order of creation."""
    last: dict[str, Event] = {}
    for event in record.events:
        if event.happening.type != STACK:
            last[event.happening.logical_id] = event
    yield from last.values()


def _of_stack(record: Record, status: str, reason: str) -> Happening:
    return Happening(
        logical_id=record.name, type=STACK, physical_id=record.id, status=status, reason=reason
    )


def _wrong_state(record: Record) -> AwsError:
    return validation_error(
        f"Stack:{record.id} is in {record.status} state and can not be updated."
    )
