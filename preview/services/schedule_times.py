"""EventBridge Scheduler's schedule expressions: when a schedule runs next.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import functools
import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from preview.errors import NotSupported, Rejected

WEEKLY = re.compile(r"cron\((\d{1,2}) (\d{1,2}) \? \* ([A-Z]{3}(?:,[A-Z]{3})*) \*\)")
ONCE = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
DAYS_AHEAD = 16
"""A weekly time that is skipped runs a week later."""


def next_run(expression: str, zone_name: str, after: float) -> float | None:
    """When a schedule runs next, in epoch seconds; None for a single time that has passed.

    A local time that the zone skips does not run; one that comes twice runs the first time.

    Args:
        expression: a weekly `cron(...)`, or `at(...)`.
        zone_name: the time zone's name.
        after: epoch seconds; the run is later.

    Raises:
        Rejected: EventBridge Scheduler does not accept it.
        NotSupported: it is another kind of expression.
    """
    if zone_name not in _zone_names():
        raise Rejected(f"ValidationException: Invalid timezone {zone_name}.")
    zone = ZoneInfo(zone_name)
    runs = (_moment(local, zone) for local in _locals(expression, zone, after))
    return next((at for at in runs if at is not None and at > after), None)


@functools.cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _locals(expression: str, zone: ZoneInfo, after: float) -> list[datetime]:
    """The local times that may be next, in order."""
    try:
        if once := ONCE.fullmatch(expression):
            return [datetime.fromisoformat(once[1])]
        if weekly := WEEKLY.fullmatch(expression):
            days = {DAYS.index(day) for day in weekly[3].split(",")}
            today = datetime.fromtimestamp(after, zone).replace(
                hour=int(weekly[2]), minute=int(weekly[1]), second=0, microsecond=0, tzinfo=None
            )
            ahead = (today + timedelta(days=number) for number in range(-1, DAYS_AHEAD))
            return [local for local in ahead if local.weekday() in days]
    except ValueError:
        raise Rejected(f"ValidationException: Invalid Schedule Expression {expression}.") from None
    raise NotSupported(f"The preview does not support the schedule {expression}.")


def _moment(local: datetime, zone: ZoneInfo) -> float | None:
    """Epoch seconds of a local time; None if the zone skips it."""
    found = local.replace(tzinfo=zone).astimezone(UTC)
    exists = found.astimezone(zone).replace(tzinfo=None) == local
    return found.timestamp() if exists else None
