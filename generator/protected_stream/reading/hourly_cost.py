"""What an hour of the stream costs, as sentences that are said before the cost begins."""

from collections.abc import Mapping
from typing import Any

from protected_stream.reading.cost import MONTH_HOURS, cost, not_included
from protected_stream.reading.prices import PRICES_IN, PRICES_OF

PRICES = f"{PRICES_IN}, prices of {PRICES_OF}"


def idle(document: Mapping[str, Any]) -> str:
    """What an hour with the channel stopped costs."""
    sums = cost(document)
    return (
        f"Off the air it costs at least ${sums.idle_month / MONTH_HOURS:.4f} an hour"
        f" ({PRICES}).{_sentence(not_included([f'idle {one}' for one in sums.idle_without]))}"
    )


def on_air(document: Mapping[str, Any]) -> str:
    """What an hour with the channel running costs."""
    sums = cost(document)
    return (
        f"On the air it costs at least ${sums.on_air_hour:.2f} an hour, and"
        f" ${sums.viewer_hour:.2f} more for each viewer-hour"
        f" ({PRICES}).{_sentence(sums.not_in_on_air_hour)}"
    )


def of_a_deployment(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> str:
    """What a new stack costs, or by how much an update changes an hour on the air; may be empty."""
    sums = cost(new)
    if old is None:
        on_air = f", and ${sums.on_air_hour:.2f} an hour on the air" if sums.on_air_hour else ""
        return f"It costs at least ${sums.idle_month:.2f} a month{on_air} ({PRICES})."
    former, later = (f"${one.on_air_hour:.2f}" for one in (cost(old), sums))
    if former == later:
        return ""
    return f"An hour on the air will cost at least {later} instead of {former} ({PRICES})."


def _sentence(words: str) -> str:
    return f" {words[0].upper()}{words[1:]}." if words else ""
