"""HLS playlists (RFC 8216), as MediaPackage writes them for an origin endpoint.

https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_CreateHlsManifestConfiguration.html
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from preview.encoder.excerpt import Excerpt, live
from preview.encoder.ladder import Ladder
from preview.encoder.tracks import Segment, Timeline, Track
from preview.encoder.transport_stream import ts_name

AUDIO_GROUP = "audio"


def child_name(manifest: Mapping[str, Any], track: Track) -> str:
    """The file name of a track's media playlist."""
    stem = manifest.get("ChildManifestName", manifest["ManifestName"])
    return f"{stem}_{track.id}.m3u8"


def multivariant_playlist(
    manifest: Mapping[str, Any], tracks: Sequence[Track], ladder: Ladder, query: str = ""
) -> str:
    """All renditions, each with the audio, if there is any (RFC 8216, 4.3.4).

    Args:
        manifest: the origin endpoint's HLS manifest configuration.
        tracks: the playlist's tracks.
        ladder: the stream's renditions.
        query: the query of the media playlists, without the question mark.
    """
    audio = next((track for track in tracks if not track.width), None)
    videos = [track for track in tracks if track.width]

    def uri(track: Track) -> str:
        return f"{child_name(manifest, track)}{'?' if query else ''}{query}"

    return _text(
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        *([_audio(uri(audio), ladder.sound.language)] if audio and videos else []),
        *(
            line
            for video in videos
            for line in (_variant(video, audio, ladder.frames_per_second), uri(video))
        ),
        *([_audio_only(audio), uri(audio)] if audio and not videos else []),
    )


def _audio(uri: str, language: str | None) -> str:
    named = f',NAME="{language}",LANGUAGE="{language}"' if language else ',NAME="audio"'
    group = f'TYPE=AUDIO,GROUP-ID="{AUDIO_GROUP}"{named}'
    return f'#EXT-X-MEDIA:{group},DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{uri}"'


def _variant(video: Track, audio: Track | None, frames_per_second: Fraction) -> str:
    bandwidth = video.bandwidth + (audio.bandwidth if audio else 0)
    codecs = ",".join([video.codec, *([audio.codec] if audio else [])])
    group = f',AUDIO="{AUDIO_GROUP}"' if audio else ""
    return (
        f"#EXT-X-STREAM-INF:BANDWIDTH={bandwidth}"
        f',CODECS="{codecs}",RESOLUTION={video.width}x{video.height}'
        f",FRAME-RATE={float(frames_per_second):.3f}{group}"
    )


def _audio_only(audio: Track) -> str:
    return f'#EXT-X-STREAM-INF:BANDWIDTH={audio.bandwidth},CODECS="{audio.codec}"'


def media_playlist(
    manifest: Mapping[str, Any],
    track: Track,
    ladder: Ladder,
    timeline: Timeline,
    shown: Excerpt | None = None,
    *,
    is_ts: bool = False,
    control: str = "",
) -> str:
    """The playlist of a track's segments (RFC 8216, 4.3.3).

    Args:
        manifest: the origin endpoint's HLS manifest configuration.
        track: the playlist's track.
        ladder: the stream's renditions and segment duration.
        timeline: the segments' position in time.
        shown: which segments; by default, those in the DVR window.
        is_ts: whether the segments are MPEG-2 TS, which need no initialization segment.
        control: the attributes of EXT-X-SERVER-CONTROL; "" without that tag.
    """
    shown = shown or live(manifest["ManifestWindowSeconds"], ladder.segment_seconds)
    segments = shown.of(track.segments)
    number = timeline.number_before(ladder.segment_seconds) + segments[0].number
    # "rounded to the nearest integer", RFC 8216, 4.3.3.1
    target = max(math.floor(one.seconds + 0.5) for one in segments)
    kind = "VOD" if shown.has_ended else "EVENT"
    return _text(
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        f"#EXT-X-TARGETDURATION:{max(target, math.floor(ladder.segment_seconds + 0.5))}",
        f"#EXT-X-MEDIA-SEQUENCE:{number}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{timeline.gaps}",
        *([f"#EXT-X-SERVER-CONTROL:{control}"] if control else []),
        *([f"#EXT-X-PLAYLIST-TYPE:{kind}"] if shown.has_start or shown.has_ended else []),
        *([] if is_ts else [f'#EXT-X-MAP:URI="{track.initialization}"']),
        *_listed(
            segments,
            timeline.origin,
            manifest.get("ProgramDateTimeIntervalSeconds"),
            ts_name if is_ts else str,
        ),
        *(["#EXT-X-ENDLIST"] if shown.has_ended else []),
    )


def _listed(
    segments: Sequence[Segment],
    origin: float,
    interval: float | None,
    name_of: Callable[[str], str],
) -> Iterator[str]:
    """Each segment; every `interval` seconds, the date of its first frame (4.3.2.6)."""
    told = -math.inf
    for segment in segments:
        # allow half a second early: the duration of audio segments varies a little
        if interval is not None and segment.begins - told > interval - 0.5:
            told = segment.begins
            yield f"#EXT-X-PROGRAM-DATE-TIME:{_date(origin + segment.begins)}"
        yield f"#EXTINF:{segment.seconds:.5f},"
        yield name_of(segment.name)


def _date(epoch_seconds: float) -> str:
    date = datetime.fromtimestamp(0, UTC) + timedelta(seconds=epoch_seconds)
    return date.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"
