"""The channel stops only on request, and starts again (docs/on-air.md)."""

import copy
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.errors import Rejected
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from preview.services.media import START_SECONDS
from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    stop_channel,
    template_in,
)
from tests.preview.scenario import look_for_leftovers

RECORD = CHECKOUT / "tests" / "expected" / "channel_guard.md"
FUNCTION = "ChannelGuardFunction"
HOUR, LOOK = 3600, 15 * 60
Template = dict[str, Any]

STATES = ("running", "starting", "idle", "gone")
ASKED = {"No": ("No", "No"), "Yes": ("No", "Yes"), "Yes left over": ("Yes", "Yes")}
"""StopChannelToUpdate before and during the update."""


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
        self._at = "medialive:StopChannel" if stops else "cloudformation:DescribeStacks"
        account.aws.after.append(self._look)

    def end(self) -> None:
        self._account.aws.after.remove(self._look)

    def _look(self, call: Call) -> None:
        if call.caller == FUNCTION and call.action == self._at and self._left:
            self._left -= 1
            self._at = "cloudformation:DescribeStacks"
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

    def prepare(self, state: str, word: str) -> None:
        """Restores the stack, with the channel in a state and `StopChannelToUpdate` set."""
        self.account.media.gone.clear()
        if self.account.media.state(self.channel) == "RUNNING":
            stop_channel(self.account, self.channel)
        self.stack.deploy(self.base, {**PARAMETERS, "StopChannelToUpdate": word})
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
        parameters = {**PARAMETERS, "StopChannelToUpdate": ASKED[cell.asked][1]}
        if cell.change == "parameter":
            parameters["StreamKey"] = "another-key-for-tests"
        stops = cell.asked == "Yes" and cell.state in ("running", "starting")
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
        simulation.prepare(state, ASKED[cell.asked][0])
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
    lines = [line for line in text.splitlines() if line.startswith("| ") and "`" not in line]
    assert len(lines) == 5
    covered = set()
    for line in lines:
        states, changes, *outcomes = [column.strip() for column in line.split("|")[1:-1]]
        for cell in CELLS:
            is_meant = cell.state in DOCUMENTED_STATES[states]
            if is_meant and cell.change in DOCUMENTED_CHANGES[changes] and cell not in covered:
                if cell.meanwhile == "nothing":
                    outcome = outcomes[cell.asked == "Yes"].partition(";")[0].partition(",")[0]
                    assert promised(cell) == DOCUMENTED_ENDS[states, outcome], cell
                covered.add(cell)
    assert covered == set(CELLS)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("No", "is on air; stop it first, or deploy with StopChannelToUpdate=Yes"),
        (
            "Yes left over",
            "is on air; stop it first, or deploy with StopChannelToUpdate=Yes after a deploy with "
            "StopChannelToUpdate=No: this Yes is from an earlier update",
        ),
    ],
)
def test_the_error_is_one_sentence(simulation: Simulation, asked: str, words: str) -> None:
    simulation.prepare("running", ASKED[asked][0])
    cell = Cell(state="running", change="channel", asked=asked, meanwhile="nothing")
    _, refusal = simulation.update(cell)
    channel = simulation.channel
    assert refusal == f"ChannelGuard: Update failed: channel {channel} {words}"


@pytest.mark.parametrize("has_effect", [False, True])
def test_the_channel_starts_again_no_matter_where_the_function_crashes(
    simulation: Simulation, *, has_effect: bool
) -> None:
    """Once at every call of the update, including the checks at its end."""
    cell = Cell(state="running", change="channel", asked="Yes", meanwhile="nothing")
    for nth in itertools.count():
        simulation.prepare("running", "No")
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
