"""`protected-stream cost`: what a show and a month cost, from the emitted template."""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from protected_stream.cli.exit_status import CLEAN, cannot_be_written, refuse
from protected_stream.cli.table import table
from protected_stream.errors import BuildError
from protected_stream.files import read_at_most, write_atomically
from protected_stream.reading.charges import has_bitrate
from protected_stream.reading.cost import MONTH_HOURS, Estimate, Line, Usage, estimate
from protected_stream.reading.plan_chart import paid_as_you_go, plan_chart
from protected_stream.reading.planned import hours_a_month, planned
from protected_stream.reading.planned_words import cost_in_words
from protected_stream.reading.plans import (
    COVERED,
    PLANS_OF,
    PREMIUM_LEVELS,
    Fit,
    fits,
    obstacles,
    plan_dollars,
)
from protected_stream.reading.prices import (
    PRICES_IN,
    PRICES_OF,
    PUBLISHED,
    Prices,
    with_yours,
)
from protected_stream.reading.template_file import read_template

DEFAULT_TEMPLATE = Path("build/template.json")
LARGEST_PRICES_FILE = 1_000_000
HALF_A_CENT = 0.005
MOST_VIEWERS, MOST_MEGABITS = 100_000_000, 1_000
NOT_INCLUDED = (
    "taxes and support",
    "your own network and encoder, and what a source of AWS costs, such as MediaConnect",
    "storage of the page and of logs in S3, a few cents",
    "DNS queries, mail and text messages",
    "viewers who sign in through SAML or OIDC, of whom only 50 a month are free",
    "calls of Secrets Manager and CloudFormation, and functions that run for updates",
)


def number(least: float, most: float) -> Callable[[str], float]:
    """A number of the command line within bounds, the lower one excluded unless it is 0."""

    def parse(given: str) -> float:
        try:
            value = float(given)
        except ValueError:
            value = math.nan
        if not (least <= value <= most and (value > 0 or least == 0)):
            raise argparse.ArgumentTypeError(
                f"must be a number from {least:g} to {most:g}, not {given!r}"
            )
        return value

    return parse


def whole(given: str) -> int:
    """A number of viewers."""
    if not given.isdecimal() or int(given) > MOST_VIEWERS:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 0 to {MOST_VIEWERS:,}, not {given!r}"
        )
    return int(given)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("template", nargs="?", type=Path, default=DEFAULT_TEMPLATE)
    parser.add_argument(
        "--hours",
        type=number(0.01, MONTH_HOURS),
        required=True,
        help="hours that a show is on the air",
    )
    parser.add_argument(
        "--viewers", type=whole, required=True, help="viewers of each show, all of it"
    )
    parser.add_argument("--shows-per-month", type=number(0, 10_000), default=1, help="how many (1)")
    parser.add_argument(
        "--bitrate",
        type=number(0.001, MOST_MEGABITS),
        help="Mbit/s that each viewer receives (the largest rendition)",
    )
    parser.add_argument("--prices", type=Path, metavar="FILE.toml", help="prices of your own")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="chart of CloudFront's plans")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(asked: argparse.Namespace) -> int:
    """Returns 0, or 2 if a file cannot be used or the shows do not fit into a month."""
    usage = Usage(
        hours=asked.hours,
        viewers=asked.viewers,
        shows=asked.shows_per_month,
        megabits=asked.bitrate,
    )
    if usage.hours * usage.shows > MONTH_HOURS:
        return refuse(
            f"{usage.shows:g} shows of {usage.hours:g} hours are longer than a month, which has "
            f"{MONTH_HOURS} hours: give fewer with --shows-per-month."
        )
    try:
        document = read_template(asked.template)
        _check_bitrate(asked, document)
        prices = _prices(asked.prices)
        if asked.plot:
            write_atomically(asked.plot, plan_chart(document, usage, prices).encode())
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    found = estimate(document, usage, prices)
    plans = fits(document)
    if asked.json:
        shows = _shows_as_json(document)
        print(json.dumps({**_as_json(found, usage, plans, prices), **shows}, indent=2))
    else:
        for line in (*_report(asked, found, plans, prices), *_shows(document, prices)):
            print(line)
    return CLEAN


def _check_bitrate(asked: argparse.Namespace, document: Mapping[str, Any]) -> None:
    if asked.bitrate is None and not has_bitrate(document):
        raise BuildError(
            f"{asked.template}: the stream is on the air without the stack, so the template does "
            "not say what viewers receive: give it in Mbit/s with --bitrate."
        )


def _prices(path: Path | None) -> Prices:
    if path is None:
        return PUBLISHED
    try:
        text = read_at_most(LARGEST_PRICES_FILE, path).decode()
    except OSError as error:
        raise BuildError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise BuildError(f"{path}: is not UTF-8 text; prices are given in TOML.") from None
    try:
        return with_yours(text)
    except BuildError as error:
        raise BuildError(f"{path}: {error}") from None


def _report(
    asked: argparse.Namespace, found: Estimate, plans: tuple[Fit, ...], prices: Prices
) -> Iterator[str]:
    yours = f", {len(prices.yours)} of them yours" if prices.yours else ""
    yield f"{asked.template}: US dollars, at least ({PRICES_IN}, prices of {PRICES_OF}{yours})"
    yield ""
    yield f"A show of {asked.hours:g} hours with {asked.viewers:,} viewers"
    yield from _lines(found.show, found.show_dollars)
    yield ""
    yield f"A month with {_count(asked.shows_per_month, 'such show')}"
    yield from _lines(found.month, found.month_dollars)
    yield ""
    for line in found.left_out:
        yield f"left out  {line}"
    if found.left_out:
        yield "          no published price is known here; --prices takes yours (docs/cost.md)"
    for line in NOT_INCLUDED:
        yield f"not here  {line}"
    yield ""
    yield f"CloudFront's flat-rate plans of {PLANS_OF}, instead of {' and '.join(COVERED)} above"
    yield from table(_plan_rows(found, plans), frozenset({1, 2, 3}))
    yield ""
    yield from table(obstacle_rows(plans))
    if asked.plot:
        yield ""
        yield f"{asked.plot}: viewers against dollars"


def _count(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _lines(lines: tuple[Line, ...], total: float) -> Iterator[str]:
    rows = [("service", "what", "quantity", "unit", "price", "dollars")]
    rows += [
        (
            line.service,
            line.what,
            _quantity(line),
            line.unit if line.price is not None else "",
            "" if line.price is None else _price(line.price),
            _dollars(line.dollars),
        )
        for line in lines
        if line.price is not None or abs(line.dollars) >= HALF_A_CENT
    ]
    rows.append(("", "sum", "", "", "", _dollars(total)))
    yield from table(rows, frozenset({2, 4, 5}))


def _quantity(line: Line) -> str:
    if line.price is None:
        return ""
    return f"{line.quantity:,.4g}" if line.quantity < 100 else f"{line.quantity:,.0f}"


def _price(dollars: float) -> str:
    """Four digits after the point, or as many as the price has."""
    return f"{dollars:.4f}" if dollars >= 0.001 or not dollars else f"{dollars:.10f}".rstrip("0")


def _dollars(amount: float) -> str:
    return f"{amount:,.2f}" if abs(amount) >= HALF_A_CENT or not amount else "<0.01"


def _plan_rows(found: Estimate, plans: tuple[Fit, ...]) -> list[tuple[str, ...]]:
    rest = found.month_dollars - paid_as_you_go(found)
    head = ("plan", "dollars", "the month", "of its allowance", "this template")
    rows: list[tuple[str, ...]] = [
        head,
        ("pay as you go", "-", _dollars(found.month_dollars), "-", ""),
    ]
    for fit in plans:
        price = _plan_price(found, fit)
        rows.append(
            (
                fit.plan.name,
                f"{price:,.0f}",
                _dollars(rest + price),
                f"{_share(found, fit):.0%}",
                fit.verdict,
            )
        )
    return rows


def _plan_price(found: Estimate, fit: Fit) -> float:
    """What the plan costs; above its allowance, too, it costs no more."""
    dollars = plan_dollars(fit.plan, found.gigabytes, found.requests)
    return float(_highest(fit) if dollars is None else dollars)


def _highest(fit: Fit) -> int:
    return PREMIUM_LEVELS[-1].dollars if fit.plan.name == "Premium" else fit.plan.dollars


def _share(found: Estimate, fit: Fit) -> float:
    """What a month uses of the plan's allowance: of data or of requests, whichever is more."""
    levels = PREMIUM_LEVELS if fit.plan.name == "Premium" else (fit.plan,)
    paid = _plan_price(found, fit)
    level = next(one for one in levels if one.dollars == paid)
    return max(found.gigabytes / level.gigabytes, found.requests / level.requests)


def obstacle_rows(plans: tuple[Fit, ...]) -> list[tuple[str, ...]]:
    """What is against which plan, and the option that avoids it."""
    names = [fit.plan.name for fit in plans]
    rows: list[tuple[str, ...]] = [("against a plan", *names, "avoided by")]
    for one, against in obstacles(plans).items():
        marks = ("no" if name in against else "" for name in names)
        rows.append((one.what, *marks, one.instead or "-"))
    return rows


def _shows(document: Mapping[str, Any], prices: Prices) -> Iterator[str]:
    """What the template's own shows cost, if it has any."""
    if plan := planned(document):
        yield ""
        yield f"planned   {cost_in_words(document, plan, datetime.now(UTC), prices)}"


def _shows_as_json(document: Mapping[str, Any]) -> Mapping[str, Any]:
    plan = planned(document)
    return {"plannedHoursAMonth": hours_a_month(plan, datetime.now(UTC))} if plan else {}


def _as_json(
    found: Estimate, usage: Usage, plans: tuple[Fit, ...], prices: Prices
) -> Mapping[str, Any]:
    rest = found.month_dollars - paid_as_you_go(found)
    return {
        "currency": "USD",
        "region": PRICES_IN,
        "pricesOf": PRICES_OF,
        "yourPrices": sorted(prices.yours),
        "usage": asdict(usage),
        "show": {"dollars": found.show_dollars, "lines": [one._asdict() for one in found.show]},
        "month": {"dollars": found.month_dollars, "lines": [one._asdict() for one in found.month]},
        "leftOut": [*found.left_out, *NOT_INCLUDED],
        "plansOf": PLANS_OF,
        "plans": [
            {
                "plan": fit.plan.name,
                "dollars": _plan_price(found, fit),
                "monthWithIt": rest
                + (plan_dollars(fit.plan, found.gigabytes, found.requests) or fit.plan.dollars),
                "shareOfAllowance": _share(found, fit),
                "fits": not fit.against,
                "possible": fit.possible,
                "against": [one._asdict() for one in fit.against],
            }
            for fit in plans
        ],
    }
