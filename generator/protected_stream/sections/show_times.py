"""Times of planned shows: which starts and stops there are, and what cannot be planned."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protected_stream.reading.clock_changes import WATCHED, ClockChange, clock_changes, instant
from protected_stream.reading.planned import Act, Planned
from protected_stream.sections.show_options import (
    DAY_MINUTES,
    DAYS,
    LEAST_MINUTES,
    ShowOptions,
    minute_of,
)

WEEK_MINUTES = 7 * DAY_MINUTES
A_WEEK = timedelta(days=7)
NEAR = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All shows, with what the table says of all of them."""

    shows: tuple[ShowOptions, ...]
    time_zone: str
    """Of shows that name none."""
    lead: int
    """Minutes from the start of the channel to the start of the show."""

    def zone_of(self, show: ShowOptions) -> ZoneInfo:
        """The show's time zone."""
        return ZoneInfo(show.time_zone or self.time_zone)


class _Weekly(NamedTuple):
    """A weekly show on one day, in minutes of the week."""

    show: ShowOptions
    day: int
    begin: int
    end: int


def planned_of(plan: Plan) -> tuple[Planned, ...]:
    """The starts and stops, in the order of the shows.

    The channel stays on the air between two shows that are closer than LEAST_MINUTES, counted from
    the end of the first to the start of the channel for the second: the first has no stop then, and
    the second no start.
    """
    return tuple(
        one
        for show in plan.shows
        for one in (_weekly(plan, show) if show.days else _single(plan, show))
    )


def _weekly(plan: Plan, show: ShowOptions) -> Iterator[Planned]:
    zone = plan.zone_of(show)
    others = [
        one
        for other in plan.shows
        if other.days and plan.zone_of(other) == zone
        for one in _days_of(other)
    ]
    starts, stops = set[int](), set[int]()
    shift = (minute_of(show.start) - plan.lead) // DAY_MINUTES
    for own in _days_of(show):
        if not any(_is_close(other.end, own.begin, plan.lead) for other in others):
            starts.add((own.day + shift) % 7)
        if not any(_is_close(own.end, other.begin, plan.lead) for other in others):
            stops.add(own.end // DAY_MINUTES % 7)
    first = (minute_of(show.start) - plan.lead) % DAY_MINUTES
    if starts:
        yield _planned(plan, show, "start", days=tuple(sorted(starts)), at=_time(first))
    if stops:
        last = minute_of(show.end)
        yield _planned(plan, show, "stop", days=tuple(sorted(stops)), at=_time(last))


def _days_of(show: ShowOptions) -> Iterator[_Weekly]:
    for name in show.days:
        day = DAYS.index(name)
        begin = day * DAY_MINUTES + minute_of(show.start)
        yield _Weekly(show, day, begin, begin + show.minutes)


def _is_close(end: int, begin: int, lead: int) -> bool:
    """Whether a show begins so soon after the end of another that the channel is not stopped."""
    return (begin - end) % WEEK_MINUTES < lead + LEAST_MINUTES


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _single(plan: Plan, show: ShowOptions) -> Iterator[Planned]:
    others = [one for one in plan.shows if not one.days and one is not show]
    least = timedelta(minutes=plan.lead + LEAST_MINUTES)
    begin, end = _span(plan, show)
    spans = [_span(plan, other) for other in others]
    if not any(timedelta() <= begin - other_end < least for _, other_end in spans):
        once = _local(show.start) - timedelta(minutes=plan.lead)
        yield _planned(plan, show, "start", once=once)
    if not any(timedelta() <= other_begin - end < least for other_begin, _ in spans):
        yield _planned(plan, show, "stop", once=_local(show.end))


def _planned(
    plan: Plan,
    show: ShowOptions,
    act: Act,
    *,
    days: tuple[int, ...] = (),
    at: time = time(),
    once: datetime | None = None,
) -> Planned:
    return Planned(show=show.name, act=act, zone=plan.zone_of(show), days=days, at=at, once=once)


def _local(given: datetime | time) -> datetime:
    if not isinstance(given, datetime):
        raise TypeError("a single show has dates")
    return given


def _span(plan: Plan, show: ShowOptions) -> tuple[datetime, datetime]:
    """The moments of a single show; of a local time that is skipped, the moment after it."""
    zone = plan.zone_of(show)
    begin, end = (_local(one).replace(tzinfo=zone) for one in (show.start, show.end))
    return begin.astimezone(UTC), end.astimezone(UTC)


class Show(NamedTuple):
    """A show on one date; its times are in UTC."""

    begin: datetime
    end: datetime
    show: ShowOptions


Mistake = tuple[ShowOptions, str]
"""A show, and a sentence that says what is wrong with it."""


def mistakes(plan: Plan, now: datetime, most_hours: int) -> tuple[Mistake, ...]:
    """What cannot be planned.

    Args:
        plan: the shows.
        now: on the day from which on the next two years are looked at, in UTC. What is built
            depends on it in nothing but whether it is refused.
        most_hours: how long the channel may run; 0 for any time.
    """
    return _mistakes(plan, now.replace(hour=0, minute=0, second=0, microsecond=0), most_hours)


@functools.lru_cache(maxsize=64)
def _mistakes(plan: Plan, today: datetime, most_hours: int) -> tuple[Mistake, ...]:
    """Kept, as two years of shows take a while."""
    return tuple(_found(plan, today, most_hours))


def _found(plan: Plan, now: datetime, most_hours: int) -> Iterator[Mistake]:
    for show in plan.shows:
        yield from _at_a_change(plan, show, now)
        if show.minutes + plan.lead < LEAST_MINUTES:
            yield (
                show,
                f"must be on the air for {LEAST_MINUTES} minutes at least, for which MediaLive "
                f"charges in any case; got {show.minutes} and start_minutes_before = {plan.lead}",
            )
    everything = sorted(_everything(plan, now), key=lambda one: one[:2])
    close = dict(reversed([*_too_close(plan, everything)]))  # the first of each pair
    yield from close.values()
    if not close:
        yield from _too_long(plan, everything, most_hours)


def _at_a_change(plan: Plan, show: ShowOptions, now: datetime) -> Iterator[Mistake]:
    """A start or stop at a local time that is skipped or comes twice.

    Source: EventBridge Scheduler User Guide, "Schedule types", daylight saving time: a time that is
    skipped is not run, and one that comes twice is run once.
    """
    zone = plan.zone_of(show)
    for what, local in (("start", show.start), ("end", show.end)):
        lead = timedelta(minutes=plan.lead if what == "start" else 0)
        earlier = f" minus start_minutes_before ({plan.lead})" if lead else ""
        for change in _changes_near(zone, local, now):
            if show.days and not isinstance(local, datetime):
                hit = next(_weekly_at(show, local, what, lead, change), None)
            else:
                hit = _local(local) - lead
                hit = hit if change.begin <= hit < change.end else None
            if hit:
                yield (
                    show,
                    f"{what}{earlier} is {hit:%Y-%m-%d %H:%M}, and {change.words} in {zone.key}: "
                    "choose another time, or give the show in UTC "
                    '(time_zone = "UTC" and its times there)',
                )
                break


def _changes_near(zone: ZoneInfo, local: datetime | time, now: datetime) -> Iterator[ClockChange]:
    """The changes of the next two years, or of the days around a single time."""
    if isinstance(local, datetime):
        here = local.replace(tzinfo=UTC)
        yield from clock_changes(zone, here - NEAR, here + NEAR)
    else:
        yield from clock_changes(zone, now, now + WATCHED)


def _weekly_at(
    show: ShowOptions, local: time, what: str, lead: timedelta, change: ClockChange
) -> Iterator[datetime]:
    """The local times of a weekly show that are within the change."""
    is_next_day = what == "end" and minute_of(show.end) < minute_of(show.start)
    for number in range(-1, 3):
        day = change.begin.date() + timedelta(days=number)
        begin = day - timedelta(days=1) if is_next_day else day
        at = datetime.combine(day, local) - lead
        if DAYS[begin.weekday()] in show.days and change.begin <= at < change.end:
            yield at


def _everything(plan: Plan, now: datetime) -> Iterator[Show]:
    """Every show of the next two years, and what is near a single one at any time."""
    weekly = [one for one in plan.shows if one.days]
    seen = set[tuple[str, datetime]]()
    periods = [(now, now + WATCHED)]
    for show in plan.shows:
        if not show.days:
            begin, end = _span(plan, show)
            yield Show(begin, end, show)
            if weekly and not now <= begin < now + WATCHED:
                periods.append((begin - A_WEEK, end + A_WEEK))
    for show in weekly:
        for begin, end in periods:
            for one in _weekly_between(plan, show, begin, end):
                if (show.name, one.begin) not in seen:
                    seen.add((show.name, one.begin))
                    yield one


def _weekly_between(
    plan: Plan, show: ShowOptions, begin: datetime, end: datetime
) -> Iterator[Show]:
    zone = plan.zone_of(show)
    day = begin.date()
    length = timedelta(minutes=show.minutes)
    while day <= end.date():
        if DAYS[day.weekday()] in show.days and not isinstance(show.start, datetime):
            local = datetime.combine(day, show.start)
            first, last = instant(local, zone), instant(local + length, zone)
            if first and last:
                yield Show(first, last, show)
        day += timedelta(days=1)


def _too_close(plan: Plan, everything: Sequence[Show]) -> Iterator[tuple[tuple[str, str], Mistake]]:
    """Pairs of shows that overlap, or between which the channel can neither stop nor stay."""
    least = timedelta(minutes=plan.lead + LEAST_MINUTES)
    for first, second in pairwise(everything):
        pair = first.show.name, second.show.name
        day = f"{second.begin.astimezone(plan.zone_of(second.show)):%Y-%m-%d %H:%M}"
        if second.begin < first.end:
            yield pair, (second.show, f'overlaps with "{first.show.name}", as on {day}')
        elif second.begin - first.end < least and not _are_alike(plan, first.show, second.show):
            yield (
                pair,
                (
                    second.show,
                    f'begins too soon after "{first.show.name}", as on {day}: leave '
                    f"{plan.lead + LEAST_MINUTES} minutes, or give both as weekly shows in one "
                    "time zone, or both as single ones: the channel then stays on the air",
                ),
            )


def _are_alike(plan: Plan, one: ShowOptions, other: ShowOptions) -> bool:
    """Whether the channel can stay on the air between the two."""
    if one.days and other.days:
        return plan.zone_of(one) == plan.zone_of(other)
    return not one.days and not other.days


def _too_long(plan: Plan, everything: Sequence[Show], most_hours: int) -> Iterator[Mistake]:
    """The first show after which the channel would have run too long."""
    lead, least = timedelta(minutes=plan.lead), timedelta(minutes=plan.lead + LEAST_MINUTES)
    since, before = None, None
    for one in everything:
        if since is None or before is None or one.begin - before >= least:
            since = one.begin - lead
        before = one.end
        hours = (before - since).total_seconds() / 3600
        if most_hours and hours > most_hours:
            yield (
                one.show,
                f"would have the channel run for {hours:.1f} hours by its end, with "
                f"start_minutes_before = {plan.lead} and shows right before it, and "
                f"schedule.stop_after_hours = {most_hours} stops it before: raise that, or leave "
                "a pause",
            )
            return
        if before - since > A_WEEK and one.show.days:
            yield (
                one.show,
                "would keep the channel on the air for more than a week without a stop: leave a "
                "pause, or leave the shows out and start the channel yourself",
            )
            return
