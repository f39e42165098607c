"""Blocking playlist reload of Low-Latency HLS: the response waits for the segment asked for.

https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis (sections 4.4.3.8 and 6.2.5.2)
"""

import time

from preview.encoder.encoder import Encoder
from preview.encoder.ffmpeg_mpd import document
from preview.encoder.tracks import tracks
from preview.services.manifest_query import BadQuery

CONTROL = "CAN-BLOCK-RELOAD=YES"
"""The attributes of EXT-X-SERVER-CONTROL."""
FURTHEST = 2
"""Segments after the newest that a player may wait for."""
MOST_SEGMENTS = 3
"""The longest time to wait, in segments: three target durations."""
TICK_SECONDS = 0.05


def await_segment(encoder: Encoder, sequence: int) -> None:
    """Returns when every track has the segment with that media sequence number.

    Raises:
        BadQuery: it is too far ahead.
    """
    end = time.monotonic() + MOST_SEGMENTS * encoder.ladder.segment_seconds
    if sequence > newest(encoder) + FURTHEST:
        raise BadQuery("_HLS_msn is too far ahead.")
    while newest(encoder) < sequence and time.monotonic() < end:
        time.sleep(TICK_SECONDS)


def newest(encoder: Encoder) -> int:
    """The media sequence number of the newest segment that all tracks have; 0 without segments."""
    mpd = document(encoder.folder)
    if mpd is None:
        return 0
    last = min(track.segments[-1].number for track in tracks(mpd))
    return encoder.timeline.number_before(encoder.ladder.segment_seconds) + last
