"""The channel stops only on request, and starts again (docs/on-air.md)."""

import contextlib
import copy
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.providers.custom import delivered_again
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from preview.services.functions.function import FunctionError
from preview.services.media import START_SECONDS
from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    start_channel,
    stop_channel,
    template_in,
    today,
)
from tests.preview.scenario import look_for_leftovers

RECORD = CHECKOUT / "tests" / "expected" / "channel_guard.md"
FUNCTION = "ChannelGuardFunction"
STATUS_CALL = "cloudformation:DescribeStacks"
HOUR, DAY, LOOK = 3600, 86_400, 15 * 60
Template = dict[str, Any]

STATES = ("running", "starting", "idle", "gone")
ASKED = ("No", "today", "a date that has passed")
"""StopChannelToUpdate."""


def _other_input(template: Template) -> None:
    template["Resources"]["EncoderInput"]["Properties"]["Name"] = "another"
    template["Resources"]["ChannelGuard"]["Properties"]["Definition"] = "another"


def _other_options(**tables: Any) -> Callable[[Template], None]:
    def change(template: Template) -> None:
        template.update(document(assemble(Stream.model_validate(tables))))

    return change


CHANGES: Mapping[str, Callable[[Template], None]] = {
    "nothing": lambda _: None,
    "channel": _other_options(encoding={"gop_seconds": 1}),
    "parameter": lambda _: None,
    "input": _other_input,
    "something else": _other_options(logs={"retention_days": 7}),
}
MEANWHILE = {
    "nothing": 0,
    "a later resource fails": 0,
    "the function crashes": 1,
    "the function keeps crashing": 2,
}
"""Events during the update, and how many invocations of the function are lost."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One case."""

    state: str
    change: str
    asked: str
    meanwhile: str


@dataclass(frozen=True, kw_only=True)
class End:
    """The result, in the words of the record."""

    update: str
    meanwhile: str
    channel: str


DOCUMENTED_STATES = {
    "running or starting": ("running", "starting"),
    "idle": ("idle",),
    "deleted manually": ("gone",),
}
DOCUMENTED_CHANGES = {
    "the channel, its inputs or their stream key": ("channel", "parameter", "input"),
    "the channel": ("channel",),
    "anything": tuple(CHANGES),
    "anything else": tuple(CHANGES),
}
"""What is "else" follows from the lines above."""
ON, OFF = "on air", "off air"
DOCUMENTED_ENDS = {
    ("running or starting", "refused"): End(update="fails", meanwhile=ON, channel=ON),
    ("running or starting", "stopped"): End(update="succeeds", meanwhile=OFF, channel=ON),
    ("running or starting", "updated on air"): End(update="succeeds", meanwhile=ON, channel=ON),
    ("idle", "updated"): End(update="succeeds", meanwhile=OFF, channel=OFF),
    ("deleted manually", "updated"): End(update="succeeds", meanwhile=OFF, channel=OFF),
    ("deleted manually", "fails"): End(update="fails", meanwhile=OFF, channel=OFF),
}


CELLS = [
    Cell(state=state, change=change, asked=asked, meanwhile=meanwhile)
    for state, change, asked, meanwhile in itertools.product(STATES, CHANGES, ASKED, MEANWHILE)
]


class Crashes:
    """Kills the function in several invocations: after it has stopped the channel, if it does."""

    def __init__(self, account: Account, times: int, *, stops: bool) -> None:
        self._account, self._left = account, times
        self._at = "medialive:StopChannel" if stops else STATUS_CALL
        account.aws.after.append(self._look)

    def end(self) -> None:
        self._account.aws.after.remove(self._look)

    def _look(self, call: Call) -> None:
        if call.caller == FUNCTION and call.action == self._at and self._left:
            self._left -= 1
            self._at = STATUS_CALL
            crash(self._account)


def crash(account: Account) -> None:
    """Kills the function's process in the middle of a call."""
    function = next(
        one
        for one in account.resources.of_type("AWS::Lambda::Function")
        if one.logical_id == FUNCTION
    )
    account.functions[function.attributes["Arn"]].crash()
    raise AwsError("Crash", "nobody hears this")


class Simulation:
    """A stack whose channel is put into each state."""

    def __init__(self, account: Account, built: Path) -> None:
        copy_code(account, built)
        self.account, self.base = account, template_in(built)
        self.stack = deployed(account, self.base)
        self.channel = self.stack.outputs["ChannelId"]

    def word(self, asked: str) -> str:
        """The value of `StopChannelToUpdate`."""
        now = self.account.clock.now()
        past = f"{datetime.fromtimestamp(now - 2 * DAY, UTC):%Y-%m-%d}"
        return {"today": today(self.account), "a date that has passed": past}.get(asked, "No")

    def prepare(self, state: str) -> None:
        """Restores the stack, with the channel in a state."""
        self.account.media.gone.clear()
        if self.account.media.state(self.channel) == "RUNNING":
            stop_channel(self.account, self.channel)
        self.stack.deploy(self.base, PARAMETERS)
        if state in ("running", "starting"):
            self.account.media.start(self.channel)
        if state == "running":
            self.account.events.pass_time(START_SECONDS)
        if state == "gone":
            self.account.media.gone.add(self.channel)
        self.account.aws.calls.clear()

    def update(self, cell: Cell) -> tuple[End, str]:
        """The result of the update, and why it failed, if it did."""
        template = copy.deepcopy(self.base)
        CHANGES[cell.change](template)
        if cell.meanwhile == "a later resource fails":
            template["Resources"]["Later"] = self._later()
        parameters = {**PARAMETERS, "StopChannelToUpdate": self.word(cell.asked)}
        if cell.change == "parameter":
            parameters["StreamKey"] = "another-key-for-tests"
        stops = cell.asked == "today" and cell.state in ("running", "starting")
        crashes = Crashes(self.account, MEANWHILE[cell.meanwhile], stops=stops)
        refusal = ""
        try:
            self.stack.deploy(template, parameters)
        except Rejected as refused:
            refusal = str(refused)
        crashes.end()
        self.account.events.pass_time(START_SECONDS)
        return self._end(cell, "fails" if refusal else "succeeds"), refusal

    def _later(self) -> Template:
        """A log group with a duplicate name, created after the channel has been updated."""
        name = self.account.resources.by_logical_id["CookiesFunctionLog"].ref
        return {
            "Type": "AWS::Logs::LogGroup",
            "DependsOn": ["Channel", "ChannelOnAir"],
            "Properties": {"LogGroupName": name},
        }

    def _end(self, cell: Cell, update: str) -> End:
        on = self.account.media.state(self.channel) == "RUNNING"
        stopped = any(call.action == "medialive:StopChannel" for call in self.account.aws.calls)
        was_on = cell.state in ("running", "starting") and not stopped
        return End(
            update=update,
            meanwhile="on air" if was_on else "off air",
            channel="on air" if on else "off air",
        )


def promised(cell: Cell) -> End:
    """The recorded result of the case; exactly one line of the record matches."""
    asked = (cell.state, cell.change, cell.asked, cell.meanwhile)
    (row,) = (
        row
        for row in rows()
        if all(
            words == ["any"] or word in words for words, word in zip(row[:4], asked, strict=True)
        )
    )
    (update,), (meanwhile,), (channel,) = row[4:]
    return End(update=update, meanwhile=meanwhile, channel=channel)


def rows() -> Iterator[list[list[str]]]:
    """The lines of the record's table, each column as a list of words."""
    lines = [line for line in RECORD.read_text("utf-8").splitlines() if line.startswith("| ")]
    for line in lines[1:]:
        yield [[word.strip() for word in column.split(",")] for column in line.split("|")[1:-1]]


@pytest.fixture
def simulation(built: Path) -> Iterator[Simulation]:
    with Account() as account:
        yield Simulation(account, built)


def test_there_are_240_cases() -> None:
    assert len(CELLS) == 240


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", STATES)
def test_every_case_ends_as_recorded(simulation: Simulation, state: str, change: str) -> None:
    cells = [cell for cell in CELLS if (cell.state, cell.change) == (state, change)]
    for cell in cells:
        simulation.prepare(state)
        end, refusal = simulation.update(cell)
        assert end == promised(cell), f"{cell}: {refusal or 'no refusal'}"
    account = simulation.account
    assert account.events.lost == []
    account.media.gone.clear()
    simulation.stack.delete()
    look_for_leftovers(account, simulation.stack.outputs["KeptAfterDeletion"])


def test_the_docs_say_the_same_in_short() -> None:
    """The table of docs/on-air.md, in which nothing fails meanwhile."""
    text = (CHECKOUT / "docs" / "on-air.md").read_text("utf-8")
    table = text.partition("## Updates")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ") and "`" not in line]
    assert len(lines) == 5
    covered = set()
    for line in lines:
        states, changes, *outcomes = [column.strip() for column in line.split("|")[1:-1]]
        for cell in CELLS:
            is_meant = cell.state in DOCUMENTED_STATES[states]
            if is_meant and cell.change in DOCUMENTED_CHANGES[changes] and cell not in covered:
                if cell.meanwhile == "nothing":
                    outcome = outcomes[cell.asked == "today"].partition(";")[0].partition(",")[0]
                    assert promised(cell) == DOCUMENTED_ENDS[states, outcome], cell
                covered.add(cell)
    assert covered == set(CELLS)


@pytest.mark.parametrize("asked", ["No", "a date that has passed"])
def test_the_error_is_one_sentence(simulation: Simulation, asked: str) -> None:
    simulation.prepare("running")
    cell = Cell(state="running", change="channel", asked=asked, meanwhile="nothing")
    _, refusal = simulation.update(cell)
    assert refusal == (
        f"ChannelGuard: Update failed: channel {simulation.channel} is on air; stop it first, or"
        f" deploy with StopChannelToUpdate={today(simulation.account)}"
    )


class Operator:
    """Deploys with a parameters file that is kept, and changes it only as a refusal says."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation, self.file = simulation, dict(PARAMETERS)
        simulation.prepare("running")

    def deploy(self, template: Template) -> str:
        """The refusal, if there is one; ends when the channel runs."""
        account = self._simulation.account
        try:
            self._simulation.stack.deploy(template, self.file)
        except Rejected as refused:
            return str(refused)
        finally:
            account.events.pass_time(START_SECONDS)
            assert account.media.state(self._simulation.channel) == "RUNNING"
        return ""

    def obey(self, refusal: str) -> None:
        """Writes into the file what the refusal names."""
        (value,) = re.findall(r"deploy with StopChannelToUpdate=(\S+)$", refusal)
        self.file["StopChannelToUpdate"] = value

    def next_show(self) -> None:
        """Days later, another show is on air."""
        account, channel = self._simulation.account, self._simulation.channel
        stop_channel(account, channel)
        account.events.pass_time(3 * DAY)
        start_channel(account, channel)

    def stops(self) -> int:
        """How often the guard has stopped the channel."""
        calls = self._simulation.account.aws.calls
        return sum(call.action == "medialive:StopChannel" for call in calls)


def test_every_intended_interruption_succeeds_at_the_first_try(simulation: Simulation) -> None:
    """The stream file has the change already, so each deployment carries it."""
    operator, base = Operator(simulation), simulation.base
    for number, gop_seconds in enumerate((1, 2, 4), start=1):
        changed = copy.deepcopy(base)
        _other_options(encoding={"gop_seconds": gop_seconds, "thumbnails": True})(changed)
        operator.obey(operator.deploy(changed))
        assert operator.stops() == number - 1
        assert operator.deploy(changed) == ""
        assert operator.stops() == number
        operator.next_show()


def test_a_second_interruption_on_the_same_day_needs_no_other_word(
    simulation: Simulation,
) -> None:
    operator, base = Operator(simulation), simulation.base
    changed = copy.deepcopy(base)
    _other_options(encoding={"gop_seconds": 1})(changed)
    operator.obey(operator.deploy(changed))
    assert [operator.deploy(template) for template in (changed, base, changed)] == ["", "", ""]
    assert operator.stops() == 3


def test_an_interruption_that_was_rolled_back_is_repeated_with_the_same_file(
    simulation: Simulation,
) -> None:
    operator, changed = Operator(simulation), copy.deepcopy(simulation.base)
    _other_options(encoding={"gop_seconds": 1})(changed)
    operator.obey(operator.deploy(changed))
    failing = copy.deepcopy(changed)
    failing["Resources"]["Later"] = simulation._later()
    assert "already exists" in operator.deploy(failing)
    assert operator.deploy(changed) == ""
    assert operator.stops() == 2


def test_a_date_left_in_the_file_stops_no_later_show(simulation: Simulation) -> None:
    operator, changed = Operator(simulation), copy.deepcopy(simulation.base)
    _other_options(encoding={"gop_seconds": 1})(changed)
    operator.obey(operator.deploy(changed))
    assert operator.deploy(changed) == ""
    operator.next_show()
    assert "is on air; stop it first" in operator.deploy(simulation.base)
    assert operator.stops() == 1


@pytest.mark.parametrize("value", ["Yes", "yes", "", "30.11.2026", "2026-11-30T12:00", "2026-1-1"])
def test_any_other_value_is_refused_with_what_to_write(simulation: Simulation, value: str) -> None:
    with pytest.raises(Rejected) as refused:
        simulation.stack.deploy(simulation.base, {**PARAMETERS, "StopChannelToUpdate": value})
    assert str(refused.value) == (
        "Parameters: StopChannelToUpdate must be No, or today's date, such as 2026-11-30."
    )


def test_a_day_that_does_not_exist_is_not_today(simulation: Simulation) -> None:
    operator = Operator(simulation)
    operator.file |= {"StopChannelToUpdate": "2026-02-31", "StreamKey": "another-key-for-tests"}
    assert "is on air; stop it first" in operator.deploy(simulation.base)


CHANGED = Cell(state="running", change="channel", asked="today", meanwhile="nothing")


@pytest.mark.parametrize("seconds", [0, HOUR, 5 * HOUR])
def test_a_request_that_is_delivered_again_stops_no_show(
    simulation: Simulation, seconds: float
) -> None:
    """However late: here, without the maximum age of events."""
    account = simulation.account
    simulation.prepare("running")
    account.requests.clear()
    simulation.update(CHANGED)
    account.events.pass_time(seconds)
    account.aws.calls.clear()
    _deliver_all_again(account)
    assert not _acts(account)
    assert account.media.state(simulation.channel) == "RUNNING"


def test_a_request_that_is_delivered_again_during_the_next_update_stops_no_show(
    simulation: Simulation,
) -> None:
    """The next update changes something else, and its file says No again."""
    account = simulation.account
    simulation.prepare("running")
    account.requests.clear()
    simulation.update(CHANGED)
    account.aws.calls.clear()
    account.stack_status = "UPDATE_IN_PROGRESS"
    _deliver_all_again(account)
    assert not _acts(account)


def test_a_request_is_not_delivered_when_it_is_too_late_for_its_response(
    simulation: Simulation,
) -> None:
    account = simulation.account
    simulation.prepare("running")
    account.requests.clear()
    simulation.update(CHANGED)
    account.events.pass_time(HOUR)
    assert account.requests
    for sent in account.requests:
        assert delivered_again(account, sent) == "the event was dropped after 900 seconds"


def test_the_requests_of_the_creation_start_nothing_when_they_are_delivered_again(
    built: Path,
) -> None:
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built), {**PARAMETERS, "StartChannel": "Yes"})
        account.events.pass_time(START_SECONDS)
        stop_channel(account, stack.outputs["ChannelId"])
        account.aws.calls.clear()
        _deliver_all_again(account)
        assert not _acts(account)


def _deliver_all_again(account: Account) -> None:
    """Runs the guard for all of its requests again, in reverse order."""
    assert account.requests
    guards = ("Custom::ChannelGuard", "Custom::OnAir")
    for sent in reversed(account.requests):
        if sent.event["ResourceType"] in guards:
            with contextlib.suppress(FunctionError):  # nobody takes the response
                account.run(sent.arn, sent.event)


def _acts(account: Account) -> list[str]:
    """The calls that start or stop the channel."""
    acts = ("medialive:StartChannel", "medialive:StopChannel")
    return [call.action for call in account.aws.calls if call.action in acts]


@pytest.mark.parametrize("state", ["running", "starting"])
def test_an_update_that_is_canceled_while_the_guard_runs_stops_no_show(
    simulation: Simulation, state: str
) -> None:
    """Another resource has failed: CloudFormation rolls back while the function goes on."""
    account = simulation.account
    simulation.prepare(state)

    def cancel(call: Call) -> None:
        """When the guard asks for the channel's state after it has asked for the stack's."""
        asked = [one.action for one in account.aws.calls if one.caller == FUNCTION]
        if call.action == "medialive:DescribeChannel" and STATUS_CALL in asked:
            account.stack_status = "UPDATE_ROLLBACK_IN_PROGRESS"

    account.aws.before.append(cancel)
    end, refusal = simulation.update(CHANGED)
    account.aws.before.remove(cancel)
    assert refusal == "ChannelGuard: Resource update canceled."
    assert end == End(update="fails", meanwhile="on air", channel="on air")


def test_a_creation_that_is_canceled_leaves_no_running_channel(built: Path) -> None:
    """CloudFormation deletes OnAir with an ID that it makes up."""
    with Account() as account:
        copy_code(account, built)

        def cancel(call: Call) -> None:
            if call.caller == FUNCTION and call.action == "medialive:StartChannel":
                account.stack_status = "ROLLBACK_IN_PROGRESS"

        account.aws.after.append(cancel)
        stack = Stack(account=account)
        with pytest.raises(Rejected, match=r"ChannelOnAir: Resource create canceled"):
            stack.deploy(template_in(built), {**PARAMETERS, "StartChannel": "Yes"})
        assert _acts(account) == ["medialive:StartChannel"]
        account.events.pass_time(START_SECONDS)
        stack.delete()
        assert _acts(account) == ["medialive:StartChannel", "medialive:StopChannel"]


@pytest.mark.parametrize("action", ["medialive:StopChannel", "medialive:StartChannel"])
def test_a_lost_response_of_medialive_takes_nothing_off_the_air(
    simulation: Simulation, action: str
) -> None:
    """The SDK repeats the call, and MediaLive refuses the repetition with 409."""
    account = simulation.account
    simulation.prepare("running")
    times = 0

    def lose(call: Call) -> None:
        nonlocal times
        if call.caller == FUNCTION and call.action == action and not times:
            times += 1
            raise AwsError("InternalServerErrorException", "nobody hears this")

    account.aws.after.append(lose)
    end, refusal = simulation.update(CHANGED)
    account.aws.after.remove(lose)
    assert times == 1
    assert end == promised(CHANGED), refusal
    assert account.events.lost == []


@pytest.mark.parametrize(
    "action",
    [
        "cloudformation:DescribeStacks",
        "cloudformation:DescribeStackResource",
        "medialive:DescribeChannel",
        "ssm:PutParameter",
        "medialive:StopChannel",
    ],
)
def test_throttling_fails_no_update(simulation: Simulation, action: str) -> None:
    account = simulation.account
    simulation.prepare("running")
    left = 10

    def throttle(call: Call) -> None:
        nonlocal left
        if call.caller == FUNCTION and call.action == action and left:
            left -= 1
            raise AwsError("ThrottlingException", "Rate exceeded")

    account.aws.before.append(throttle)
    end, refusal = simulation.update(CHANGED)
    account.aws.before.remove(throttle)
    assert not left
    assert end == promised(CHANGED), refusal


def test_a_restart_that_fails_is_tried_again(simulation: Simulation) -> None:
    account = simulation.account
    simulation.prepare("running")
    account.media.failing_starts = 2
    end, _ = simulation.update(CHANGED)
    assert end.channel == "off air"
    for _ in range(2):
        account.events.pass_time(LOOK + START_SECONDS)
    assert account.media.state(simulation.channel) == "RUNNING"
    assert _acts(account) == ["medialive:StopChannel", *["medialive:StartChannel"] * 3]


def test_a_restart_that_keeps_failing_is_tried_once_per_check(simulation: Simulation) -> None:
    account = simulation.account
    simulation.prepare("running")
    account.media.failing_starts = 99
    simulation.update(CHANGED)
    account.aws.calls.clear()
    account.events.pass_time(2 * HOUR)
    assert len(_acts(account)) == 2 * HOUR // LOOK


@pytest.mark.parametrize("status", ["UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"])
def test_a_restart_that_the_operator_makes_is_no_longer_owed(
    simulation: Simulation, status: str
) -> None:
    """A failed update that is not rolled back; the show goes on, and ends."""
    account, channel = simulation.account, simulation.channel
    simulation.prepare("running")
    account.client("ssm").put_parameter(
        Name=f"/channel-guard/{account.stack.name}/restart-owed", Value=channel, Type="String"
    )
    account.stack_status = status
    account.events.pass_time(LOOK)
    stop_channel(account, channel)
    account.events.pass_time(3 * DAY)
    simulation.stack.deploy(simulation.base, {**PARAMETERS, "InputCidr": "198.51.100.0/24"})
    account.events.pass_time(HOUR)
    assert account.media.state(channel) == "IDLE"


@pytest.mark.parametrize("has_effect", [False, True])
def test_the_channel_starts_again_no_matter_where_the_function_crashes(
    simulation: Simulation, *, has_effect: bool
) -> None:
    """Once at every call of the update, including the checks at its end."""
    cell = CHANGED
    for nth in itertools.count():
        simulation.prepare("running")
        happened = _crash_at(simulation.account, nth, has_effect=has_effect)
        end, refusal = simulation.update(cell)
        if not happened():
            break
        assert end == promised(cell), (nth, refusal)
    assert nth > 20
    assert simulation.account.events.lost == []


def _crash_at(account: Account, nth: int, *, has_effect: bool) -> Callable[[], bool]:
    """Crashes the guard once, at its nth call from now; returns whether it has crashed."""
    calls = 0
    hooks = account.aws.after if has_effect else account.aws.before

    def look(call: Call) -> None:
        nonlocal calls
        if call.caller == FUNCTION:
            calls += 1
            if calls == nth + 1:
                hooks.remove(look)
                crash(account)

    hooks.append(look)
    return lambda: calls > nth
