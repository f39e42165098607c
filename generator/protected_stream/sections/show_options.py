"""Options of planned shows: when the channel is started and stopped."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from protected_stream.reading.clock_changes import zone_named
from protected_stream.template.options import TOML_LIST, Options, each_once, is_unset
from protected_stream.template.validation_errors import shown

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAME = "[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*"
MOST_SHOWS = 50
"""A choice of ours: each has up to four schedules, and a template 500 resources."""
LEAST_MINUTES = 10
"""Of a show on the air, and between two shows, between which the channel is stopped.

MediaLive charges for at least 10 minutes of a running channel, and a start or stop that is retried
comes up to five minutes late. Source: AWS Elemental MediaLive pricing.
"""
DAY_MINUTES = 24 * 60


def _show_name(name: str) -> str:
    if not re.fullmatch(NAME, name):
        raise ValueError(
            "must begin with a letter and have only letters and digits, with single hyphens "
            f"between; got {shown(name)}"
        )
    return name


def _zone_name(name: str | None) -> str | None:
    return name and zone_named(name).key


def _local(given: object) -> object:
    """A local time, with or without a date, to the minute."""
    if not isinstance(given, datetime | time):
        has_date = " with its time" if isinstance(given, date) else ", without quotes"
        raise ValueError(  # noqa: TRY004 - pydantic reports only this kind
            "must be a time such as 20:00:00, or a date and time such as 2026-12-24T20:00:00"
            f"{has_date}; got {shown(given)}"
        )
    if given.tzinfo:
        raise ValueError(f"must be a local time, in time_zone; got {shown(given)}")
    if given.second or given.microsecond:
        raise ValueError(f"must be a whole minute; got {shown(given)}")
    return given


Local = Annotated[
    datetime | time,
    BeforeValidator(_local),
    WithJsonSchema({"type": "string"}),
]
ZoneName = Annotated[str | None, AfterValidator(_zone_name)]
ListedDay = Annotated[Day, Field(json_schema_extra={"enum": list(DAYS)})]


class ShowOptions(Options):
    """A show, once or every week."""

    name: Annotated[str, AfterValidator(_show_name)] = Field(
        max_length=40,
        json_schema_extra={"pattern": f"^{NAME}$"},
        description="names the schedules: letters, digits and hyphens",
    )
    days: Annotated[tuple[ListedDay, ...], TOML_LIST, each_once("day")] = Field(
        default=(),
        exclude_if=is_unset,
        description="of a weekly show: the days on which it starts",
    )
    start: Local = Field(
        description="of a weekly show a local time, such as 20:00:00; of a single one a local date "
        "and time, such as 2026-12-24T20:00:00. The channel starts start_minutes_before earlier"
    )
    end: Local = Field(
        description="when the channel stops, given as start is; of a weekly show, a time before "
        "start is on the next day"
    )
    time_zone: ZoneName = Field(
        default=None,
        exclude_if=is_unset,
        description="instead of schedule.time_zone, such as UTC",
    )

    @model_validator(mode="after")
    def _is_single_or_weekly(self) -> Self:
        single = [isinstance(one, datetime) for one in (self.start, self.end)]
        if self.days and any(single):
            raise ValueError("has days, so start and end must be times without dates")
        if not self.days and not all(single):
            raise ValueError("must have days, or dates in start and end")
        if self.minutes <= 0:
            raise ValueError(f"ends before it starts: {self.start} to {self.end}")
        return self

    @property
    def minutes(self) -> int:
        """Its length in minutes, by the clock; 0 or less if it ends before it starts."""
        if isinstance(self.start, datetime) and isinstance(self.end, datetime):
            return (self.end - self.start) // timedelta(minutes=1)
        begin, end = minute_of(self.start), minute_of(self.end)
        return 0 if begin == end else (end - begin) % DAY_MINUTES

    @property
    def logical_id(self) -> str:
        """Its name as a part of logical IDs."""
        return "".join(part[:1].upper() + part[1:] for part in self.name.split("-"))


def minute_of(local: datetime | time) -> int:
    """The minute of the day."""
    return local.hour * 60 + local.minute


ShowsOption = Annotated[tuple[ShowOptions, ...], TOML_LIST]
