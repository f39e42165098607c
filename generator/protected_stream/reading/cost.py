"""AWS cost of the stream, estimated from the emitted template.

The list of what is charged (charges.py) is what the summary, docs/examples.md and the command
`cost` sum up. Every price has a published source (prices.py). What has none is left out and named,
so the totals are lower bounds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from protected_stream.reading.charges import Charge, Per, charges
from protected_stream.reading.prices import PUBLISHED, Prices

MONTH_HOURS = 730


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What the operator expects of a show."""

    hours: float = 1
    viewers: int = 0
    """In each show, all of it, and the same ones in every show."""
    shows: float = 1
    """A month."""
    megabits: float | None = None
    """What each viewer receives, per second; None for the largest rendition."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """US dollars, at least."""

    idle_month: float
    """With the channel stopped and nobody watching."""
    on_air_hour: float
    """With the channel running and nobody watching."""
    viewer_hour: float
    """For one viewer of the largest rendition, while it is on air; 0 without a channel."""
    received_gigabyte: float
    """For what viewers receive; `viewer_hour` is a part of it."""
    idle_without: tuple[str, ...]
    """What MediaLive charges for in an idle month at a price that is not known here."""
    on_air_without: tuple[str, ...]
    """The same in an hour on air."""

    @property
    def not_in_on_air_hour(self) -> str:
        """What `on_air_hour` does not include, and why; empty if it includes everything."""
        return not_included(self.on_air_without)


def not_included(left_out: Sequence[str]) -> str:
    """What a sum leaves out, and why; empty if that is nothing."""
    if not left_out:
        return ""
    return (
        f"not included, as no published price is known here (docs/cost.md): {', '.join(left_out)}"
    )


class Line(NamedTuple):
    """One line of an estimate."""

    service: str
    what: str
    quantity: float
    unit: str
    price: float | None
    """None for a line that is not a quantity at a price, such as a free allowance."""
    dollars: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a show and a month cost, at least."""

    show: tuple[Line, ...]
    month: tuple[Line, ...]
    left_out: tuple[str, ...]
    """What is charged at a price that is not known here."""
    gigabytes: float
    """That viewers receive in a month."""
    requests: float
    """Of viewers to CloudFront in a month."""

    @property
    def show_dollars(self) -> float:
        """Of one show."""
        return sum(line.dollars for line in self.show)

    @property
    def month_dollars(self) -> float:
        """Of a month."""
        return sum(line.dollars for line in self.month)


def cost(document: Mapping[str, Any], prices: Prices = PUBLISHED) -> Cost:
    """The cost of the stream that the template describes."""
    found = tuple(charges(document))

    def dollars(per: Per) -> float:
        return sum(prices.first(one.key, one.quantity) for one in found if one.per == per)

    def without(per: Per) -> tuple[str, ...]:
        return tuple(
            one.what
            for one in found
            if one.service == "MediaLive" and one.per == per and prices[one.key].dollars is None
        )

    free = sum(prices.free(one.key, one.quantity) for one in found if one.per == "month")
    return Cost(
        idle_month=dollars("month") - free,
        on_air_hour=dollars("hour"),
        viewer_hour=dollars("viewer-hour"),
        received_gigabyte=prices["cloudfront.data"].dollars or 0,
        idle_without=tuple(one.removeprefix("idle ") for one in without("idle hour")),
        on_air_without=without("hour"),
    )


def estimate(document: Mapping[str, Any], usage: Usage, prices: Prices = PUBLISHED) -> Estimate:
    """What a show and a month of such shows cost.

    A month is the shows, what is charged besides them, and less where a price falls with the
    quantity or an account has some of it free of charge.
    """
    found = tuple(charges(document, usage.megabits))
    show = tuple(_lines(found, _times(usage), prices))
    times = _times_of_month(usage)
    month = (*_lines(found, times, prices), *_less(found, times, prices))

    def total(key: str) -> float:
        return sum(one.quantity * times[one.per] for one in found if one.key == key)

    return Estimate(
        show=show,
        month=month,
        left_out=tuple(_left_out(found, times, prices)),
        gigabytes=total("cloudfront.data"),
        requests=total("cloudfront.requests") * 1e6,
    )


def _times(usage: Usage) -> Mapping[str, float]:
    """How often each charge is due in one show; what is charged by the month is not in it."""
    return Counter(
        {
            "hour": usage.hours,
            "watched hour": usage.hours if usage.viewers else 0,
            "viewer-hour": usage.hours * usage.viewers,
            "viewer": usage.viewers,
        }
    )


def _times_of_month(usage: Usage) -> Mapping[str, float]:
    times = {per: count * usage.shows for per, count in _times(usage).items()}
    return {
        **times,
        "month": 1,
        "idle hour": max(0.0, MONTH_HOURS - usage.hours * usage.shows),
        "viewer-month": usage.viewers if usage.shows else 0,
    }


def _lines(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[Line]:
    quantities: dict[tuple[str, str, str], float] = {}
    for one in found:
        same = (one.service, one.what, one.key)
        quantities[same] = quantities.get(same, 0) + one.quantity * times.get(one.per, 0)
    for (service, what, key), quantity in quantities.items():
        price = prices[key]
        if quantity and price.dollars is not None:
            dollars = prices.first(key, quantity)
            yield Line(service, what, quantity, price.unit, price.dollars, dollars)


def _less(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[Line]:
    """What a month is cheaper than its lines."""
    quantities: dict[str, float] = {}
    services: dict[str, str] = {}
    for one in found:
        due = one.quantity * times.get(one.per, 0)
        quantities[one.key] = quantities.get(one.key, 0) + due
        services.setdefault(one.key, one.service)
    for key, quantity in quantities.items():
        cheaper = prices.in_a_month(key, quantity) - prices.first(key, quantity)
        free = prices.free(key, quantity)
        unit = prices[key].unit
        if cheaper < 0:
            yield Line(services[key], "lower prices of large quantities", 0, unit, None, cheaper)
        if free:
            count = prices[key].free
            what = f"free in every account: {count:,.0f} {_plural(unit, count)} a month"
            yield Line(services[key], what, 0, unit, None, -free)


def _plural(unit: str, count: float) -> str:
    if count == 1 or unit.endswith("s"):
        return unit
    return f"{unit}s"


def _left_out(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[str]:
    for one in found:
        if prices[one.key].dollars is None and times.get(one.per, 0):
            yield f"{one.service}: {one.what} ({one.key})"
