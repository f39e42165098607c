"""Chart of viewers against dollars: pay as you go, and each CloudFront flat-rate plan."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from protected_stream.reading.cost import Estimate, Usage, estimate
from protected_stream.reading.plans import COVERED, PLANS_OF, Fit, fits, plan_dollars
from protected_stream.reading.prices import Prices
from protected_stream.reading.svg import GRAY, INK, LINE, element, picture, text, text_width

WIDTH, HEIGHT = 1160, 640
LEFT, TOP, RIGHT, BOTTOM = 96, 112, 370, 96
STEPS = 160
"""How many numbers of viewers are drawn."""
COLORS = {
    "Pay as you go": "#16202e",
    "Free": "#8a94a3",
    "Pro": "#0b7a75",
    "Business": "#2563c9",
    "Premium": "#c2410c",
}
NAMES_APART = 18


@dataclass(frozen=True)
class Curve:
    """One line of the chart."""

    name: str
    note: str
    points: tuple[tuple[float, float], ...]
    """Viewers and dollars, as long as the allowance lasts."""
    beyond: tuple[tuple[float, float], ...]
    """The rest: nothing is charged above the allowance, but AWS may slow delivery."""
    usable: bool


def paid_as_you_go(found: Estimate) -> float:
    """What a month costs of what a plan would pay for."""
    return sum(line.dollars for line in found.month if line.service in COVERED)


def plan_chart(document: Mapping[str, Any], usage: Usage, prices: Prices) -> str:
    """The chart as SVG; the same numbers give the same bytes."""

    def of(viewers: float) -> Estimate:
        return estimate(document, replace(usage, viewers=math.ceil(viewers)), prices)

    most = _most_viewers(of, usage.viewers)
    counts = sorted({math.ceil(most * step / STEPS) for step in range(STEPS + 1)})
    months = [(count, of(count)) for count in counts]
    own = Curve(
        "Pay as you go",
        "list prices, less what is free",
        tuple((count, paid_as_you_go(found)) for count, found in months),
        (),
        usable=True,
    )
    curves = (own, *(_of_plan(fit, months) for fit in fits(document)))
    highest = _nice(max(dollars for one in curves for _, dollars in (*one.points, *one.beyond)))
    return picture(
        WIDTH,
        HEIGHT,
        "CloudFront and AWS WAF: viewers against dollars a month",
        [
            *_heading(usage),
            *_axes(most, highest),
            *_drawn(curves, most, highest),
            *_expected(usage.viewers, most, highest),
        ],
    )


def _most_viewers(of: Callable[[float], Estimate], expected: int) -> int:
    """Where the chart ends: what was asked for has room, and the allowance of 50 TB is in it."""
    gigabytes = of(1_000).gigabytes / 1_000
    fifty = 50_000 / gigabytes if gigabytes else 1_000
    return _nice(max(expected * 1.25, fifty * 1.4, 10))


def _nice(value: float) -> int:
    """The next number that reads well."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return next(
        int(step * power) for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value
    )


def _of_plan(fit: Fit, months: list[tuple[int, Estimate]]) -> Curve:
    within: list[tuple[float, float]] = []
    beyond: list[tuple[float, float]] = []
    last = float(fit.plan.dollars)
    for count, found in months:
        dollars = plan_dollars(fit.plan, found.gigabytes, found.requests)
        if dollars is None:
            beyond.append((count, last))
        else:
            if within and dollars != last:
                within.append((count, last))
            last = dollars
            within.append((count, dollars))
    if beyond and within:
        beyond.insert(0, within[-1])
    note = "not possible" if fit.verdict == "no" else fit.verdict
    return Curve(
        f"{fit.plan.name}, {note}", _allowance(fit), tuple(within), tuple(beyond), fit.possible
    )


def _allowance(fit: Fit) -> str:
    terabytes = fit.plan.gigabytes / 1_000
    size = f"{terabytes:.0f} TB" if terabytes >= 1 else f"{fit.plan.gigabytes} GB"
    more = ", and larger levels" if fit.plan.name == "Premium" else ""
    return f"${fit.plan.dollars:,}: {fit.plan.requests // 1_000_000} M requests, {size}{more}"


def _heading(usage: Usage) -> Iterator[str]:
    yield text(LEFT, 42, "CloudFront and AWS WAF, dollars a month", 24, bold=True)
    shows = (
        f"{usage.shows:g} {'show' if usage.shows == 1 else 'shows'} of {usage.hours:g} h a month"
    )
    yield text(
        LEFT,
        68,
        f"{shows}; MediaLive, MediaPackage and the rest cost the same on every plan",
        14,
        fill=GRAY,
    )
    yield text(
        LEFT,
        HEIGHT - 20,
        f"Plans of {PLANS_OF}. Dashed: above the plan's allowance, which is not charged, "
        "but AWS may slow delivery or ask for another plan.",
        12,
        fill=GRAY,
    )


def _place(viewers: float, dollars: float, most: float, highest: float) -> tuple[float, float]:
    x = LEFT + (WIDTH - LEFT - RIGHT) * viewers / most
    y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * dollars / highest
    return x, y


def _axes(most: int, highest: int) -> Iterator[str]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for step in range(6):
        _, y = _place(0, highest * step / 5, most, highest)
        yield element("line", x1=LEFT, x2=right, y1=y, y2=y, stroke=LINE)
        yield text(LEFT - 10, y + 4, f"${highest * step / 5:,.0f}", 13, fill=GRAY, anchor="end")
        x, _ = _place(most * step / 5, 0, most, highest)
        yield element("line", x1=x, x2=x, y1=bottom, y2=bottom + 6, stroke=GRAY)
        yield text(x, bottom + 24, f"{most * step / 5:,.0f}", 13, fill=GRAY, anchor="middle")
    yield element("line", x1=LEFT, x2=right, y1=bottom, y2=bottom, stroke=GRAY)
    middle = (LEFT + right) / 2
    yield text(middle, bottom + 48, "viewers of each show", 14, anchor="middle")


def _drawn(curves: tuple[Curve, ...], most: int, highest: int) -> Iterator[str]:
    ends = []
    for curve in curves:
        color = COLORS[curve.name.partition(",")[0]]
        for points, dashes in ((curve.points, None), (curve.beyond, "3 6")):
            if len(points) > 1:
                placed = [_place(x, y, most, highest) for x, y in points]
                yield element(
                    "polyline",
                    points=" ".join(f"{x:.1f},{y:.1f}" for x, y in placed),
                    fill="none",
                    stroke=color,
                    stroke_width=3 if curve.usable else 2,
                    stroke_dasharray=dashes,
                    opacity=None if curve.usable else 0.45,
                    stroke_linejoin="round",
                )
        last = (*curve.points, *curve.beyond)[-1]
        ends.append((_place(*last, most, highest)[1], curve, color))
    yield from _names(ends)


def _names(ends: list[tuple[float, Curve, str]]) -> Iterator[str]:
    """The name of each line at its end, moved apart from the others, from the bottom up."""
    lowest = float(HEIGHT - BOTTOM + 2)
    x = WIDTH - RIGHT
    for y, curve, color in sorted(ends, key=lambda end: -end[0]):
        at = min(y, lowest)
        lowest = at - NAMES_APART * 2 - 4
        yield element(
            "path",
            d=f"M{x + 4} {y:.1f}L{x + 22} {at - 8:.1f}",
            stroke=color,
            fill="none",
            opacity=0.6,
        )
        yield text(x + 28, at - 4, curve.name, 14, fill=color, bold=True)
        yield text(x + 28, at - 4 + NAMES_APART - 2, curve.note, 12, fill=GRAY)


def _expected(viewers: int, most: int, highest: int) -> Iterator[str]:
    if not viewers:
        return
    x, _ = _place(viewers, 0, most, highest)
    yield element(
        "line", x1=x, x2=x, y1=TOP - 6, y2=HEIGHT - BOTTOM, stroke=INK, stroke_dasharray="2 4"
    )
    name = f"{viewers:,} viewers"
    is_left = x + text_width(name, 13) > WIDTH - RIGHT
    yield text(x - 6 if is_left else x + 6, TOP, name, 13, anchor="end" if is_left else "start")
