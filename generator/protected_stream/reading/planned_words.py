"""What the summary, `status` and `cost` say of planned shows."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from protected_stream.reading.cost import cost
from protected_stream.reading.planned import (
    Moment,
    Planned,
    changes_of,
    hours_a_month,
    moments,
    next_of,
    past,
    planned,
)
from protected_stream.reading.prices import PUBLISHED, Prices

SCHEDULER = "EventBridge Scheduler's calls are free up to 14 million a month"
# Source: Amazon EventBridge pricing, https://aws.amazon.com/eventbridge/pricing/


def summary_lines(document: Mapping[str, Any], now: datetime) -> Iterator[tuple[str, str]]:
    """Labels and texts for the summary; nothing without shows."""
    plan = planned(document)
    if not plan:
        return
    yield "planned", next_in_words(plan, now) or "nothing in the next two years"
    yield "planned", cost_in_words(document, plan, now)
    for zone, changes in changes_of(plan, now):
        yield "clocks", f"{zone}: {changes}; no weekly start or stop is in such an hour"
    for show in past(plan, now):
        yield (
            "warning",
            f"{show} has begun in the past: leave it out. Whether EventBridge Scheduler accepts it "
            "in a new schedule is not documented",
        )


def next_in_words(plan: tuple[Planned, ...], now: datetime) -> str:
    """The next start and the next stop; empty if there is none."""
    found = [one for act in ("start", "stop") if (one := next_of(plan, act, now))]
    return ", then ".join(_words(one, plan) for one in sorted(found))


SOON = timedelta(hours=1)
"""How long an update may take, with some time to decide on it."""


def soon_in_words(document: Mapping[str, Any], now: datetime) -> str:
    """What is planned while an update that begins now may go on; empty if nothing is."""
    plan = planned(document)
    return ", then ".join(_words(one, plan) for one in moments(plan, now, now + SOON))


def _words(one: Moment, plan: tuple[Planned, ...]) -> str:
    zone = next(each.zone for each in plan if (each.show, each.act) == (one.show, one.act))
    local = f", {one.at.astimezone(zone):%H:%M} in {zone.key}" if zone.key != "UTC" else ""
    return f"{one.act} on {one.at:%a %Y-%m-%d %H:%M} UTC{local} ({one.show})"


def cost_in_words(
    document: Mapping[str, Any],
    plan: tuple[Planned, ...],
    now: datetime,
    prices: Prices = PUBLISHED,
) -> str:
    """Hours on the air in a month, and what they cost at least."""
    hours = hours_a_month(plan, now)
    dollars = hours * cost(document, prices).on_air_hour
    return (
        f"{hours:.1f} hours a month on the air, at least ${dollars:,.2f} without viewers; "
        f"{SCHEDULER}"
    )
