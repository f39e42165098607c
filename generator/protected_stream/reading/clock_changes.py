"""Time zones: the hours that are skipped or come twice when clocks change.

The rules are those of the IANA time zone database that this Python uses.
"""

import functools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

WATCHED = timedelta(days=2 * 365 + 1)
"""How far ahead changes of the clocks are looked for: two years."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ClockChange:
    """A change of the clocks in one zone."""

    begin: datetime
    """The first local time that is skipped or comes twice, without a zone."""
    end: datetime
    """The first local time after it that is neither."""
    is_skipped: bool

    @property
    def words(self) -> str:
        """Such as "2027-03-28 02:00-03:00 is skipped"."""
        what = "is skipped" if self.is_skipped else "comes twice"
        return f"{self.begin:%Y-%m-%d %H:%M}-{self.end:%H:%M} {what}"


def zone_named(name: str) -> ZoneInfo:
    """The time zone with an IANA name.

    Raises:
        ValueError: there is none; the text says what is near.
    """
    if name not in _names():
        near = get_close_matches(name, sorted(_names()), n=1)
        raise ValueError(
            "must be a time zone of the IANA database, such as Europe/Berlin"
            + (f"; did you mean {near[0]}?" if near else "")
        )
    return ZoneInfo(name)


@functools.cache
def _names() -> frozenset[str]:
    """All names, which are read from files."""
    return frozenset(zoneinfo.available_timezones())


def clock_changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[ClockChange]:
    """The changes between two moments, which are in UTC.

    A zone changes its clocks at most once a day.
    """
    here = begin.replace(second=0, microsecond=0)
    while here < end:
        later = here + DAY
        if _offset(zone, here) != _offset(zone, later):
            yield _change(zone, here, later)
        here = later


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> ClockChange:
    first = _offset(zone, before)
    while after - before > MINUTE:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        before, after = (middle, after) if _offset(zone, middle) == first else (before, middle)
    offsets = sorted((first, _offset(zone, after)))
    moment = after.replace(tzinfo=None)
    return ClockChange(
        begin=moment + offsets[0], end=moment + offsets[1], is_skipped=offsets[0] == first
    )


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def instant(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC of a local time: the first one of two; None for one that is skipped."""
    found = local.replace(tzinfo=zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == local else None
