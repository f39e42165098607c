"""HLS playlists (RFC 8216), as MediaPackage writes them for an origin endpoint.

https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_CreateHlsManifestConfiguration.html
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from preview.encoder.codecs import AUDIO_CODECS
from preview.encoder.excerpt import Excerpt, live
from preview.encoder.ladder import Captions, Ladder, Sound
from preview.encoder.tracks import Segment, Timeline, Track
from preview.encoder.transport_stream import ts_name

NO_NAME = "audio"
"""The name of an audio without a name and a language."""
CAPTIONS_GROUP = "captions"
YES = {True: "YES", False: "NO"}
AudioGroups = Mapping[str, Sequence[Track]]


def child_name(manifest: Mapping[str, Any], track: Track) -> str:
    """The file name of a track's media playlist."""
    stem = manifest.get("ChildManifestName", manifest["ManifestName"])
    return f"{stem}_{track.id}.m3u8"


def multivariant_playlist(
    manifest: Mapping[str, Any], tracks: Sequence[Track], ladder: Ladder, query: str = ""
) -> str:
    """All renditions, each with every group of audios, if there are any (RFC 8216, 4.3.4).

    Args:
        manifest: the origin endpoint's HLS manifest configuration.
        tracks: the playlist's tracks.
        ladder: the stream's renditions.
        query: the query of the media playlists, without the question mark.
    """
    groups = _audio_groups([track for track in tracks if not track.width], ladder)
    videos = [track for track in tracks if track.width]
    is_alone = not videos and sum(map(len, groups.values())) == 1

    def uri(track: Track) -> str:
        return f"{child_name(manifest, track)}{'?' if query else ''}{query}"

    variants = _variants(videos, groups, ladder) if videos else _audio_only(groups, ladder)
    return _text(
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        *([] if is_alone else _audios(groups, ladder, uri)),
        *(map(_captions, ladder.captions) if _have_captions(videos, ladder) else []),
        *(line for stated, track in variants for line in (stated, uri(track))),
    )


def _audio_groups(audios: Sequence[Track], ladder: Ladder) -> AudioGroups:
    """The template's groups, otherwise one for each codec: a variant states its group's codec."""
    groups: dict[str, list[Track]] = {}
    for track in audios:
        sound = ladder.sound(track.id)
        groups.setdefault(sound.group or AUDIO_CODECS[sound.codec].group, []).append(track)
    return groups


def _audios(groups: AudioGroups, ladder: Ladder, uri: Callable[[Track], str]) -> Iterator[str]:
    """The names in a group differ (4.3.4.1.1)."""
    for group, tracks in groups.items():
        names: list[str] = []
        for track in tracks:
            sound = ladder.sound(track.id)
            stated = sound.name or sound.language or NO_NAME
            names.append(stated)
            number = names.count(stated)
            name = stated if number == 1 else f"{stated} {number}"
            yield f'{_audio(sound, group, name)},URI="{uri(track)}"'


def _audio(sound: Sound, group: str, name: str) -> str:
    language = f',LANGUAGE="{sound.language}"' if sound.language else ""
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{group}",NAME="{name}"{language}'
        f",DEFAULT={YES[sound.is_default]},AUTOSELECT={YES[sound.is_autoselect]}"
        f',CHANNELS="{sound.channels}"'
    )


def _captions(captions: Captions) -> str:
    return (
        f'#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="{CAPTIONS_GROUP}",NAME="{captions.name}"'
        f',LANGUAGE="{captions.language}",DEFAULT=NO,AUTOSELECT=YES'
        f',INSTREAM-ID="CC{captions.channel}"'
    )


def _have_captions(videos: Sequence[Track], ladder: Ladder) -> bool:
    return any(ladder.rendition(video.id).has_captions for video in videos)


def _variants(
    videos: Sequence[Track], groups: AudioGroups, ladder: Ladder
) -> Iterator[tuple[str, Track]]:
    """Each video with each of its groups, group by group."""
    for group in groups or [""]:
        for video in videos:
            own = [name for name in ladder.rendition(video.id).audio_groups if name in groups]
            if group in (own or [group]):
                yield _variant(video, group, groups.get(group, []), ladder), video


def _variant(video: Track, group: str, audios: Sequence[Track], ladder: Ladder) -> str:
    """Its bandwidth is that with the largest audio (4.3.4.2)."""
    bandwidth = video.bandwidth + max((one.bandwidth for one in audios), default=0)
    codecs = dict.fromkeys([video.codec, *(one.codec for one in audios)])
    audio = f',AUDIO="{group}"' if group else ""
    has_captions = ladder.captions and ladder.rendition(video.id).has_captions
    captions = f',CLOSED-CAPTIONS="{CAPTIONS_GROUP}"' if has_captions else ""
    return (
        f"#EXT-X-STREAM-INF:BANDWIDTH={bandwidth}"
        f',CODECS="{",".join(codecs)}",RESOLUTION={video.width}x{video.height}'
        f",FRAME-RATE={float(ladder.frames_per_second):.3f}{audio}{captions}"
    )


def _audio_only(groups: AudioGroups, ladder: Ladder) -> Iterator[tuple[str, Track]]:
    """A variant for each group, with its default audio; one audio needs no group."""
    is_alone = sum(map(len, groups.values())) == 1
    for group, tracks in groups.items():
        first = next((one for one in tracks if ladder.sound(one.id).is_default), tracks[0])
        bandwidth = max(one.bandwidth for one in tracks)
        codecs = ",".join(dict.fromkeys(one.codec for one in tracks))
        audio = "" if is_alone else f',AUDIO="{group}"'
        yield f'#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},CODECS="{codecs}"{audio}', first


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
