"""The part of a stream that a manifest lists: the live window, or an earlier time.

https://docs.aws.amazon.com/mediapackage/latest/userguide/time-shifted.html
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from preview.encoder.tracks import Segment
from preview.services.manifest_query import BadQuery, ManifestQuery

LONGEST_DELAY = 86_400
"""Seconds, for endpoints without a startover window.

https://docs.aws.amazon.com/mediapackage/latest/userguide/time-delay.html
"""


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A selection of segments, which have the same numbers in all tracks."""

    first: float = -math.inf
    """The first segment's number."""
    last: float = math.inf
    """The last segment's number."""
    count: int | None = None
    """The maximum number of segments, up to the newest; None without a maximum."""
    has_start: bool = False
    """Whether it always begins at the same segment."""
    has_ended: bool = False
    """Whether no segments will be added."""
    delay: float = 0.0
    """Seconds by which the live point is moved back."""

    def of(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        """Its segments, from a track's."""
        chosen = [one for one in segments if self.first <= one.number <= self.last]
        return tuple(chosen[-self.count :] if self.count else chosen)


def live(window_seconds: float, segment_seconds: float) -> Excerpt:
    """The newest segments."""
    return Excerpt(count=math.ceil(window_seconds / segment_seconds))


def excerpt(
    asked: ManifestQuery,
    segments: Sequence[Segment],
    *,
    window: Excerpt,
    startover: float,
    origin: float,
    now: float,
) -> Excerpt | None:
    """The segments for a query; None if MediaPackage has none, and responds with 404.

    Outside the startover window, "the playback request fails"; the status is that of MediaPackage
    v1: https://docs.aws.amazon.com/mediapackage/latest/ug/time-shifted.html

    Args:
        asked: the query.
        segments: those of the first track.
        window: the live window, which the query may have shortened.
        startover: the endpoint's StartoverWindowSeconds.
        origin: the time at which media time is 0, in epoch seconds.
        now: epoch seconds.

    Raises:
        BadQuery: the time delay is longer than the startover window.
    """
    if asked.delay > (startover or LONGEST_DELAY):
        raise BadQuery("time_delay is longer than the startover window.")
    kept, edge = now - startover, now - asked.delay
    start, end = asked.start, math.inf if asked.end is None else asked.end
    if (start is not None and not kept <= start < edge) or end < kept:
        return None
    shown = [
        one.number
        for one in segments
        if origin + one.begins + one.seconds > (start or -math.inf)
        and origin + one.begins < end
        and (not asked.delay or origin + one.begins + one.seconds <= edge)
    ]
    if not shown:
        return None
    is_bounded = asked.delay or math.isfinite(end)
    return Excerpt(
        first=-math.inf if start is None else shown[0],
        last=shown[-1] if is_bounded else math.inf,
        count=window.count if start is None else None,
        has_start=start is not None,
        has_ended=end <= edge,
        delay=asked.delay,
    )
