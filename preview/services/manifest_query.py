"""MediaPackage v2 manifest queries: time-shifted viewing, manifest filters, Low-Latency HLS.

https://docs.aws.amazon.com/mediapackage/latest/userguide/msettings-params.html
https://docs.aws.amazon.com/mediapackage/latest/userguide/manifest-filter-query-parameters.html
https://docs.aws.amazon.com/mediapackage/latest/userguide/error-conditions-and-handling.html
https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis (section 6.2.5)
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote

SETTINGS = "aws.manifestsettings"
FILTER = "aws.manifestfilter"
SEQUENCE = "_HLS_msn"
LONGEST = 1024
"""Characters in a parameter's value."""
INT_MAX = 2**31 - 1
TIMES = ("start", "end")
SECONDS = ("time_delay", "manifest_window_seconds")
RANGES = frozenset(
    {
        "audio_bitrate",
        "audio_channels",
        "audio_sample_rate",
        "trickplay_height",
        "video_bitrate",
        "video_framerate",
        "video_height",
    }
)
# The accepted values, in lower case; None for any.
LISTS: Mapping[str, frozenset[str] | None] = {
    "audio_codec": frozenset({"aacl", "aach", "ac-3", "ec-3"}),
    "audio_language": None,
    "subtitle_language": None,
    "trickplay_type": frozenset({"iframe", "image", "none"}),
    "video_codec": frozenset({"h264", "h265"}),
    "video_dynamic_range": frozenset({"hdr10", "hlg", "sdr"}),
}
RANGE = re.compile(r"(\d+(?:\.\d{1,3})?)(?:-(\d+(?:\.\d{1,3})?))?")

Trait = str | float
"""A property of a rendition: a text in lower case, or a number."""


class BadQuery(Exception):
    """MediaPackage responds with 400; the message says why."""


@dataclass(frozen=True, kw_only=True)
class ManifestQuery:
    """What a viewer asks for in the query of a manifest."""

    start: float | None = None
    """Epoch seconds."""
    end: float | None = None
    """Epoch seconds."""
    delay: float = 0.0
    """Seconds by which the live point is moved back."""
    window: float | None = None
    """Seconds; None: the manifest's own."""
    settings: str = ""
    """The time-shift part of the query, for the manifest's media playlists."""
    sequence: int | None = None
    """The media sequence number that a Low-Latency HLS player waits for."""
    filters: Mapping[str, Sequence[str] | Sequence[tuple[float, float]]] = field(
        default_factory=dict
    )
    """The accepted texts, or ranges of numbers, by parameter."""

    def takes(self, traits: Mapping[str, Trait]) -> bool:
        """Whether a rendition passes the filters; filters of other kinds of media do not apply."""
        return all(
            _is_among(traits[name], accepted)
            for name, accepted in self.filters.items()
            if name in traits
        )


def manifest_query(query: str) -> ManifestQuery:
    """The manifest query in a URL's query string, without the leading question mark.

    Raises:
        BadQuery: it is malformed, repeats a parameter, or has an unknown one.
    """
    settings, filters = (dict(_pairs(query, name)) for name in (SETTINGS, FILTER))
    if unknown := settings.keys() - {*TIMES, *SECONDS}:
        raise BadQuery(f"{SETTINGS} does not have {', '.join(sorted(unknown))}.")
    times = {name: _time(settings[name]) for name in TIMES if name in settings}
    seconds = {name: _seconds(settings[name]) for name in SECONDS if name in settings}
    if {*TIMES} <= times.keys() and times["start"] >= times["end"]:
        raise BadQuery("end must be later than start.")
    text = ";".join(f"{name}:{value}" for name, value in settings.items())
    return ManifestQuery(
        start=times.get("start"),
        end=times.get("end"),
        delay=seconds.get("time_delay", 0.0),
        window=seconds.get("manifest_window_seconds"),
        settings=f"{SETTINGS}={quote(text, safe='')}" if text else "",
        sequence=_sequence(query),
        filters={name: _accepted(name, value) for name, value in filters.items()},
    )


def _sequence(query: str) -> int | None:
    values = [part.removeprefix(f"{SEQUENCE}=") for part in query.split("&") if SEQUENCE in part]
    if not values:
        return None
    if not values[0].isdecimal() or len(values) > 1:
        raise BadQuery(f"{SEQUENCE} is not a number, or is repeated.")
    return int(values[0])


def _pairs(query: str, parameter: str) -> Iterator[tuple[str, str]]:
    """The names and values in a parameter of the query; neither is case-sensitive.

    "[; : , +] must be URL encoded. If they're not, MediaPackage processes just the first query
    parameter in the string."
    """
    parts = (part.partition("=") for part in query.split("&"))
    values = [value for name, _, value in parts if unquote(name).lower() == parameter]
    if len(values) > 1:
        raise BadQuery(f"{parameter} is repeated.")
    seen = set()
    for pair in unquote(values[0].partition(";")[0]).lower().split(";") if values else ():
        name, colon, value = pair.partition(":")
        if len(values[0]) > LONGEST or not (name and colon and value) or name in seen:
            raise BadQuery(f"{parameter} is too long, malformed, or repeats {name}.")
        seen.add(name)
        yield name, value


def _time(text: str) -> float:
    """Epoch seconds, which may be stated as an ISO 8601 time, too."""
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    try:
        time = datetime.fromisoformat(text.upper())
    except ValueError:
        raise BadQuery(f"{text} is neither in epoch seconds nor an ISO 8601 time.") from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadQuery(f"{text} is not a number of seconds.")
    return float(text)


def _accepted(name: str, value: str) -> list[str] | list[tuple[float, float]]:
    items = value.split(",")
    if name in RANGES:
        return [_range(item) for item in items]
    known = LISTS.get(name, frozenset())
    if known is not None and not known.issuperset(items):
        raise BadQuery(f"{FILTER} does not have {name}:{value}.")
    return items


def _range(text: str) -> tuple[float, float]:
    found = RANGE.fullmatch(text)
    low, high = (float(found[1]), float(found[2] or found[1])) if found else (math.inf, 0.0)
    if not low <= high <= INT_MAX:
        raise BadQuery(f"{text} is not a range.")
    return low, high


def _is_among(trait: Trait, accepted: Sequence[str] | Sequence[tuple[float, float]]) -> bool:
    return any(
        one == trait if isinstance(one, str) else one[0] <= float(trait) <= one[1]
        for one in accepted
    )
