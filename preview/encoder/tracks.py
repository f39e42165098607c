"""Tracks and segments of a stream, and their position in time.

They are read from the MPD that DASH players get, so that HLS playlists never contradict it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from preview.encoder.ffmpeg_mpd import NAMESPACE, name, templates


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One media segment."""

    name: str
    number: int
    """Number within the source, from 1."""
    begins: float
    """Seconds of media time."""
    seconds: float
    """Duration."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A source's position in time, after other sources: ffmpeg may exit and be restarted."""

    name: str
    """The source's name."""
    origin: float
    """The time at which media time is 0, in epoch seconds."""
    begins: float
    """The media time of the source's first frame."""
    gaps: int
    """Number of earlier sources in the stream."""

    def number_before(self, segment_seconds: float) -> int:
        """The offset for segment numbers: greater than all numbers of earlier sources."""
        return math.floor(self.begins / segment_seconds)


@dataclass(frozen=True, kw_only=True)
class Track:
    """An encoded rendition: a video track or the audio track."""

    id: str
    """ffmpeg's number: the video tracks in the ladder's order, then the audio track."""
    codec: str
    """RFC 6381."""
    bandwidth: int
    """Bits per second."""
    width: int
    """Pixels; 0 for the audio track."""
    height: int
    initialization: str
    """The file name of the initialization segment."""
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
