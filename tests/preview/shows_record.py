"""Planned shows in simulated time, as a file for review.

`make expected` regenerates it; read the diff before committing it.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as local_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from protected_stream import Stream
from protected_stream.building import build
from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS, copy_code, template_in, today

RECORD = CHECKOUT / "tests" / "expected" / "shows.md"
BERLIN = ZoneInfo("Europe/Berlin")
SECONDS_OF_EVENTS = 30
FIRST_DAY = datetime(2027, 2, 1, tzinfo=BERLIN)
"""A Monday without a change of the clocks soon."""
BEGIN = local_time(19, 45)
"""When an evening is recorded from, or from the hour in which something happens before."""
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SHOW = {
    "name": "show",
    "days": EVERY_DAY,
    "start": local_time(20),
    "end": local_time(22),
}
ENCORE = {**SHOW, "name": "encore", "start": local_time(22, 10), "end": local_time(23)}
ONE: Mapping[str, Any] = {
    "schedule": {"stop_after_hours": 3, "time_zone": "Europe/Berlin", "shows": [SHOW]}
}
TWO: Mapping[str, Any] = {
    "schedule": {
        "stop_after_hours": 4,
        "time_zone": "Europe/Berlin",
        "shows": [SHOW, ENCORE],
    }
}


@dataclass(kw_only=True)
class Evening:
    """A deployed stack, of which one evening after another is recorded."""

    account: Account
    template: dict[str, Any]
    stack: Stack = field(init=False)
    at_update: Callable[[], object] = lambda: None
    """What happens when an update has changed the channel."""

    def __post_init__(self) -> None:
        self.stack = Stack(account=self.account, say=self.say)
        self.stack.deploy(self.template, PARAMETERS)

    @property
    def channel(self) -> str:
        """The channel's ID."""
        return self.stack.outputs["ChannelId"]

    @property
    def has_encore(self) -> bool:
        """Whether there is another show after the first."""
        return "StopEncore" in self.template["Resources"]

    @property
    def now(self) -> datetime:
        """The local time."""
        return datetime.fromtimestamp(self.account.clock.now(), BERLIN)

    def begin(self, at: local_time) -> None:
        """The next day begins, with an idle channel; the guard does not look until then."""
        (rule,) = self.account.resources.of_type("AWS::Events::Rule")
        if self.account.media.state(self.channel) == "RUNNING":
            self.stop()
        self.account.aws.before.clear()
        self.account.events.timers.stop(rule.attributes["Arn"])
        tomorrow = datetime.combine(self.now.date() + timedelta(days=1), at, BERLIN)
        self.account.events.pass_time((tomorrow - self.now).total_seconds())
        self.account.events.schedule(rule)

    def pass_until(self, end: local_time) -> None:
        """Passes time on this day; the guard hears of the channel within seconds."""
        last = datetime.combine(self.now, end, BERLIN)
        while (left := (last - self.now).total_seconds()) > 0:
            self.account.events.pass_time(min(left, SECONDS_OF_EVENTS))

    def states(self, begin: datetime) -> str:
        """The channel's states since then, each with when it began."""
        there = (one for one in self.account.media._changes if one.at >= begin.timestamp())
        return ", ".join(f"{_ten_seconds(one.at)} {one.state}" for one in there)

    def start(self) -> None:
        """By hand."""
        self.account.media.start(self.channel)

    def stop(self) -> None:
        """By hand."""
        self.account.media.stop(self.channel)

    def run_again(self, act: str) -> None:
        """The schedules run twice."""
        for one in self.account.resources.of_type("AWS::Scheduler::Schedule"):
            if one.logical_id.startswith(act):
                self.account.scheduler.repeat(one)

    def update(self, end: local_time) -> None:
        """An update changes the channel now, and goes on until `end`."""
        self.at_update = lambda: self.pass_until(end)
        channel = self.template["Resources"]["Channel"]["Properties"]
        channel["Tags"] = {**channel["Tags"], "changed": f"{self.now:%H:%M}"}
        guard = self.template["Resources"]["ChannelGuard"]["Properties"]
        guard["Definition"] = f"{self.now:%j%H%M}"
        parameters = {**PARAMETERS, "StopChannelToUpdate": today(self.account)}
        self.stack.deploy(self.template, parameters)

    def say(self, line: str) -> None:
        """Hears of the stack's resources."""
        if line.split()[:2] == ["updated", "Channel"]:
            self.at_update()

    def refuse(self, action: str) -> None:
        """MediaLive answers the schedules with a conflict, as while it changes the channel."""

        def conflict(call: Call) -> None:
            if (call.caller, call.action) == ("ShowsRole", action):
                raise AwsError("ConflictException", "The channel is UPDATING.")

        self.account.aws.before.append(conflict)


def _ten_seconds(moment: float) -> str:
    """A local time: calls take some of this machine's time."""
    return f"{datetime.fromtimestamp(moment // 10 * 10, BERLIN):%H:%M:%S}"


def _meets_an_update(one: Evening) -> None:
    one.refuse("medialive:StartChannel")
    one.update(local_time(20, 10))


Act = Callable[[Evening], object]
EVENINGS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Act]]] = {
    "a show": (ONE, {}),
    "shows that touch": (TWO, {}),
    "started by hand before": (ONE, {"19:30": lambda one: one.start()}),
    "stopped by hand": (ONE, {"20:30": lambda one: one.stop()}),
    "started by hand, and stopped right after the start": (
        ONE,
        {"19:50": lambda one: one.start(), "19:57": lambda one: one.stop()},
    ),
    "started by hand after the show": (ONE, {"22:05": lambda one: one.start()}),
    "on the air for longer than stop_after_hours": (ONE, {"18:10": lambda one: one.start()}),
    "start and stop run twice": (
        ONE,
        {
            "19:55": lambda one: one.run_again("Start"),
            "22:00": lambda one: one.run_again("Stop"),
        },
    ),
    "the start meets an update": (
        ONE,
        {"19:50": _meets_an_update},
    ),
    "an update during the show": (ONE, {"20:30": lambda one: one.update(local_time(20, 40))}),
    "an update across the end of the show": (
        ONE,
        {"21:50": lambda one: one.update(local_time(22, 10))},
    ),
    "the stop meets a starting channel": (
        ONE,
        {"20:10": lambda one: one.stop(), "21:59:30": lambda one: one.start()},
    ),
    "the stop is refused": (ONE, {"21:00": lambda one: one.refuse("medialive:StopChannel")}),
    "the first start fails": (
        ONE,
        {"19:00": lambda one: setattr(one.account.media, "failing_starts", 1)},
    ),
}


Row = tuple[str, str, str]
"""An evening, the states of the channel, and what is in the failure queue."""


def recorded(options: Mapping[str, Any]) -> Iterator[Row]:
    """The evenings with these options, one day after the other."""
    names = [name for name, (its_options, _) in EVENINGS.items() if its_options is options]
    with tempfile.TemporaryDirectory() as folder:
        build(Stream.model_validate(options), Path(folder), lambda _: None)
        yield from rows(Path(folder), template_in(Path(folder)), names)


def rows(
    built: Path,
    template: dict[str, Any],
    names: Sequence[str],
    *,
    after: Callable[[Account], object] = lambda _: None,
) -> Iterator[Row]:
    """The named evenings with a template, and the functions that were built into a folder.

    Args:
        built: the folder.
        template: what is deployed.
        names: of the evenings.
        after: gets the account after the last of them.

    Raises:
        AssertionError: something that should have been delivered got lost.
        PreviewError: the template cannot be deployed.
    """
    with Account() as account:
        copy_code(account, built)
        account.clock.skip(FIRST_DAY.timestamp() - account.clock.now())
        evening = Evening(account=account, template=template)
        for name in names:
            yield _recorded(evening, name, EVENINGS[name][1])
        if lost := account.events.lost + account.scheduler.lost:
            raise AssertionError(lost)
        after(account)


def _recorded(evening: Evening, name: str, acts: Mapping[str, Act]) -> Row:
    first = min([BEGIN, *(local_time(int(when[:2])) for when in acts)])
    evening.begin(first)
    begin, letters = evening.now, evening.account.scheduler.dead_letters
    letters.clear()
    for when, act in acts.items():
        evening.pass_until(local_time.fromisoformat(when))
        act(evening)
    evening.pass_until(local_time(23, 10) if evening.has_encore else local_time(22, 20))
    failures = (
        f"{one.attributes['TARGET_ARN'].rpartition(':')[2]} {one.attributes['ERROR_CODE']}"
        for one in letters
    )
    return name, evening.states(begin), ", ".join(failures)


TWO_ZONES: Mapping[str, Any] = {
    "schedule": {
        "shows": [
            {**SHOW, "name": "berlin", "days": ["fri", "sun"], "time_zone": "Europe/Berlin"},
            {**SHOW, "name": "new-york", "days": ["fri", "sun"], "time_zone": "America/New_York"},
        ]
    }
}
CHANGES = {
    "spring in New York, then in Berlin": datetime(2027, 3, 11, tzinfo=UTC),
    "autumn in Berlin, then in New York": datetime(2027, 10, 28, tzinfo=UTC),
}


DAYS = 19


def over_changes(name: str) -> Iterator[str]:
    """The starts and stops of both zones over the changes of the clocks, in UTC.

    The guard's look every 15 minutes is left out, which would find nothing to do.
    """
    with tempfile.TemporaryDirectory() as folder, Account() as account:
        build(Stream.model_validate(TWO_ZONES), Path(folder), lambda _: None)
        copy_code(account, Path(folder))
        account.clock.skip(CHANGES[name].timestamp() - account.clock.now())
        Evening(account=account, template=template_in(Path(folder)))
        (rule,) = account.resources.of_type("AWS::Events::Rule")
        account.events.timers.stop(rule.attributes["Arn"])
        account.events.pass_time(DAYS * 86_400)
        for one in account.media._changes:
            if one.state in ("STARTING", "STOPPING"):
                moment = datetime.fromtimestamp(one.at, UTC)
                yield f"| {moment:%a %m-%d %H:%M} | {one.state} |"
        if account.scheduler.dead_letters or account.events.lost:
            raise AssertionError(account.scheduler.dead_letters)


def page() -> str:
    """The whole file."""
    evenings = (*recorded(ONE), *recorded(TWO))
    return "\n".join(
        (
            "# Planned shows",
            "",
            "Evenings in the preview, in local time, with a show from 20:00 to 22:00, for which",
            "the channel starts at 19:55; written by tests/preview/shows_record.py.",
            "",
            "| evening | the channel | in the failure queue |",
            "|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in evenings),
            "",
            "Shows on Fridays and Sundays from 20:00 to 22:00 in Berlin and in New York, over",
            "changes of the clocks, in UTC:",
            *(line for name in CHANGES for line in _changes_table(name)),
            "",
        )
    )


def _changes_table(name: str) -> Iterator[str]:
    yield from ("", f"## In {name}", "", "| time | the channel |", "|---|---|")
    yield from over_changes(name)


if __name__ == "__main__":
    logging.disable()
    RECORD.write_text(page(), encoding="utf-8")
