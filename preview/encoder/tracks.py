"""What there is to play: tracks and their segments, and where they lie in time.

It is read from the MPD that viewers of DASH get, so that HLS never contradicts it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from preview.encoder.ffmpeg_mpd import NAMESPACE, name, templates


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One file of media."""

    name: str
    number: int
    """Of the source's segments, from 1."""
    begins: float
    """Seconds of media time."""
    seconds: float
    """How long it plays."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Where a source lies in time and after other sources: ffmpeg may end and be started again."""

    name: str
    """Of the source."""
    origin: float
    """The time at which media time is 0, in epoch seconds."""
    begins: float
    """The media time of the source's first frame."""
    gaps: int
    """How many sources of the stream were before."""

    def number_before(self, segment_seconds: float) -> int:
        """What segments are counted from: greater than every number of the sources before."""
        return math.floor(self.begins / segment_seconds)


@dataclass(frozen=True, kw_only=True)
class Track:
    """A rendition as it was made: a video or the audio."""

    id: str
    """As ffmpeg counts: the videos in the ladder's order, then the audio."""
    codec: str
    """RFC 6381."""
    bandwidth: int
    """Bits per second."""
    width: int
    """Pixels; 0: it is the audio."""
    height: int
    initialization: str
    """The name of the file that a player reads before any segment."""
    segments: tuple[Segment, ...]


def tracks(root: ElementTree.Element) -> list[Track]:
    """All tracks with their segments."""
    return [_track(one, template) for one, template in templates(root)]


def _track(representation: ElementTree.Element, template: ElementTree.Element) -> Track:
    track = representation.attrib["id"]
    return Track(
        id=track,
        codec=representation.attrib["codecs"],
        bandwidth=int(representation.attrib["bandwidth"]),
        width=int(representation.get("width", 0)),
        height=int(representation.get("height", 0)),
        initialization=name(template.attrib["initialization"], track),
        segments=tuple(_segments(template, track)),
    )


def _segments(template: ElementTree.Element, track: str) -> Iterator[Segment]:
    timescale, begins = int(template.attrib["timescale"]), 0
    number = int(template.attrib["startNumber"])
    for entry in template.iter(f"{NAMESPACE}S"):
        begins = int(entry.get("t", begins))
        length = int(entry.attrib["d"])
        for _ in range(int(entry.get("r", 0)) + 1):
            yield Segment(
                name=name(template.attrib["media"], track, number),
                number=number,
                begins=begins / timescale,
                seconds=length / timescale,
            )
            begins, number = begins + length, number + 1
