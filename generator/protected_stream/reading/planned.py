"""EventBridge Scheduler schedules of an emitted template: when the channel starts and stops.

Sources: EventBridge Scheduler User Guide, "Schedule types" (cron, at, time zones and daylight
saving time) and "Using universal targets".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from protected_stream.reading.clock_changes import DAY, WATCHED, clock_changes, instant

Act = Literal["start", "stop"]
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
CRON = re.compile(r"cron\((\d+) (\d+) \? \* ([A-Z,]+) \*\)")
AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d):00\)")
TARGETS: Mapping[str, Act] = {"startChannel": "start", "stopChannel": "stop"}
MONTHS_IN_TWO_YEARS = 24


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One schedule: a start or a stop, once or every week."""

    show: str
    """The name of the show."""
    act: Act
    zone: ZoneInfo
    days: tuple[int, ...] = ()
    """Days of the week, Monday is 0; empty for a single time."""
    at: time = time()
    """The local time of a weekly one."""
    once: datetime | None = None
    """The local time of a single one, without a zone."""

    @property
    def expression(self) -> str:
        """The ScheduleExpression; local times, to be used with the zone's name."""
        if self.once:
            return f"at({self.once:%Y-%m-%dT%H:%M}:00)"
        days = ",".join(DAYS[day] for day in self.days)
        return f"cron({self.at.minute} {self.at.hour} ? * {days} *)"

    def between(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """The moments, in UTC, at which it runs, from `begin` on and before `end`, in order.

        A local time that is skipped is left out; one that comes twice runs once.
        """
        if self.once:
            locals_ = [self.once]
        else:
            first = begin.astimezone(self.zone).date() - DAY
            count = (end - begin).days + 3
            locals_ = [datetime.combine(day, self.at) for day in _days(first, count, self.days)]
        for local in locals_:
            moment = instant(local, self.zone)
            if moment and begin <= moment < end:
                yield moment


def _days(first: date, count: int, wanted: Sequence[int]) -> Iterator[date]:
    days = (first + timedelta(days=number) for number in range(count))
    return (day for day in days if day.weekday() in wanted)


@dataclass(frozen=True, kw_only=True, order=True)
class Moment:
    """A start or a stop at one moment."""

    at: datetime
    """In UTC."""
    act: Act
    show: str


def planned(document: Mapping[str, Any]) -> tuple[Planned, ...]:
    """The template's schedules; empty if it has none."""
    return tuple(
        one
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::Scheduler::Schedule"
        for one in _planned(resource["Properties"])
    )


def _planned(properties: Mapping[str, Any]) -> Iterator[Planned]:
    """What a schedule of the channel does; nothing for another schedule."""
    arn = properties["Target"]["Arn"]
    action = str(arn.get("Fn::Sub", "") if isinstance(arn, Mapping) else arn).rpartition(":")[2]
    if action not in TARGETS:
        return
    show = str(properties["Name"]).removesuffix(f"-{TARGETS[action]}")
    zone = ZoneInfo(properties["ScheduleExpressionTimezone"])
    expression = str(properties["ScheduleExpression"])
    if found := AT.fullmatch(expression):
        once = datetime.fromisoformat(found[1])
        yield Planned(show=show, act=TARGETS[action], zone=zone, once=once)
    elif found := CRON.fullmatch(expression):
        days = tuple(DAYS.index(day) for day in found[3].split(","))
        at = time(int(found[2]), int(found[1]))
        yield Planned(show=show, act=TARGETS[action], zone=zone, days=days, at=at)


def moments(plan: Sequence[Planned], begin: datetime, end: datetime) -> list[Moment]:
    """What is planned from `begin` on and before `end`, in order; both are in UTC."""
    return sorted(
        Moment(at=at, act=one.act, show=one.show) for one in plan for at in one.between(begin, end)
    )


def next_of(plan: Sequence[Planned], act: Act, now: datetime) -> Moment | None:
    """The next start or stop, from `now` on; None if there is none in the next two years."""
    wanted = [one for one in plan if one.act == act]
    soon = moments(wanted, now, now + timedelta(days=9))
    return next(iter(soon or moments(wanted, now, now + WATCHED)), None)


def past(plan: Sequence[Planned], now: datetime) -> tuple[str, ...]:
    """The names of single shows that begin in the past."""
    return tuple(
        one.show
        for one in plan
        if one.once
        and one.act == "start"
        and (instant(one.once, one.zone) or now.astimezone(UTC)) < now
    )


def hours_a_month(plan: Sequence[Planned], now: datetime) -> float:
    """Hours on the air, of an average month of weekly shows and of single ones in the next 30 days.

    Single shows later than that are not in it.
    """
    weekly = [one for one in plan if not one.once]
    single = [one for one in plan if one.once]
    return _hours(weekly, now, now + WATCHED) / MONTHS_IN_TWO_YEARS + _hours(
        single, now, now + timedelta(days=30)
    )


def _hours(plan: Sequence[Planned], begin: datetime, end: datetime) -> float:
    """From each start to the next stop."""
    hours, since = 0.0, None
    for one in moments(plan, begin, end):
        if one.act == "start":
            since = since or one.at
        elif since:
            hours += (one.at - since).total_seconds() / 3600
            since = None
    return hours


def changes_of(plan: Sequence[Planned], now: datetime) -> Iterator[tuple[str, str]]:
    """The zones of weekly shows with their changes of the next two years, in words, if any."""
    for zone in sorted({one.zone.key for one in plan if one.days}):
        found = clock_changes(ZoneInfo(zone), now, now + WATCHED)
        if words := ", ".join(change.words for change in found):
            yield zone, words
