"""What an hour of the stream costs, as sentences that are said before the cost begins."""

from collections.abc import Mapping
from typing import Any

from protected_stream.reading.cost import MONTH_HOURS, cost
from protected_stream.reading.prices import PRICES_IN, PRICES_OF


def idle(document: Mapping[str, Any]) -> str:
    """What an hour with the channel stopped costs."""
    sums = cost(document)
    return (
        f"Off the air it costs at least ${sums.idle_month / MONTH_HOURS:.4f} an hour"
        f" ({_prices(tuple(f'idle {one}' for one in sums.idle_without))})."
    )


def on_air(document: Mapping[str, Any]) -> str:
    """What an hour with the channel running costs."""
    sums = cost(document)
    left_out = sums.not_in_on_air_hour
    left_out = f" {left_out[0].upper()}{left_out[1:]}." if left_out else ""
    return (
        f"On the air it costs at least ${sums.on_air_hour:.2f} an hour, and"
        f" ${sums.viewer_hour:.2f} more for each viewer-hour ({PRICES_IN}, prices of"
        f" {PRICES_OF}).{left_out}"
    )


def _prices(without: tuple[str, ...]) -> str:
    left_out = f", without {', '.join(without)}" if without else ""
    return f"{PRICES_IN}, prices of {PRICES_OF}{left_out}"
