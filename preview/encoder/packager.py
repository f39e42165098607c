"""MediaPackage origin endpoint: serves manifests, as the template configures them, and segments.

Media playlists are named after their manifest and the track: index_0.m3u8, index_1.m3u8.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from preview.encoder.blocking import CONTROL, await_segment
from preview.encoder.codecs import VIDEO_CODECS
from preview.encoder.dash import media_presentation_description
from preview.encoder.dash_descriptors import describe
from preview.encoder.encoder import Encoder
from preview.encoder.excerpt import Excerpt, excerpt, live
from preview.encoder.ffmpeg_mpd import document
from preview.encoder.hls import child_name, media_playlist, multivariant_playlist
from preview.encoder.ladder import Ladder
from preview.encoder.tracks import Track, tracks
from preview.encoder.transport_stream import transport_stream
from preview.resource import Resource
from preview.services.manifest_query import BadQuery, ManifestQuery, Trait, manifest_query
from preview.services.media import MANIFESTS

Manifest = Mapping[str, Any]
AUDIO_FILTERS = {"mp4a.40.2": "aacl"}
"""The manifest filters' names of codecs that differ from RFC 6381's."""


def packaged(endpoint: Resource, encoder: Encoder, name: str) -> bytes | None:
    """The file's content; None if there is no such file, or not yet.

    Args:
        endpoint: the origin endpoint.
        encoder: what it receives.
        name: the file's name, with the query if there is one.

    Raises:
        BadQuery: MediaPackage would respond with 400.
    """
    name, _, query = name.partition("?")
    asked = manifest_query(query)
    for kind, suffix in MANIFESTS.items():
        for manifest in endpoint.properties.get(kind, []):
            if name.endswith(suffix):
                body = WRITERS[kind](endpoint, manifest, encoder, name, asked)
                if body is not None:
                    return body
    if asked.filters and not name.endswith(tuple(MANIFESTS.values())):
        raise BadQuery("Segments cannot be filtered.")
    return transport_stream(encoder, name) if _is_ts(endpoint) else encoder.file(name)


def _is_ts(endpoint: Resource) -> bool:
    return bool(endpoint.properties.get("ContainerType") == "TS")


def _has(endpoint: Resource, ladder: Ladder, track: Track) -> bool:
    """Whether the endpoint's container has the track's codec; otherwise, it is left out.

    https://docs.aws.amazon.com/mediapackage/latest/userguide/supported-inputs.html
    """
    if not track.width or not _is_ts(endpoint):
        return True
    return VIDEO_CODECS[ladder.rendition(track.id).codec].is_in_ts


def _low_latency(
    endpoint: Resource, manifest: Manifest, encoder: Encoder, name: str, asked: ManifestQuery
) -> bytes | None:
    """Waits for the segment that the player asks for, as MediaPackage does for parts, too.

    ffmpeg writes no parts, so the latency is that of HLS.

    Raises:
        BadQuery: the segment is too far ahead.
    """
    if asked.sequence is not None:
        await_segment(encoder, asked.sequence)
    return _hls(endpoint, manifest, encoder, name, asked, control=CONTROL)


def _hls(
    endpoint: Resource,
    manifest: Manifest,
    encoder: Encoder,
    name: str,
    asked: ManifestQuery,
    *,
    control: str = "",
) -> bytes | None:
    mpd = document(encoder.folder)
    if mpd is None:
        return None
    there = [track for track in tracks(mpd) if _has(endpoint, encoder.ladder, track)]
    shown = _shown(endpoint, manifest, encoder, there, asked)
    if shown is None:
        return None
    if name == f"{manifest['ManifestName']}.m3u8":
        chosen = _chosen(there, encoder.stated, asked)
        return multivariant_playlist(manifest, chosen, encoder.ladder, asked.settings).encode()
    for track in there:
        if name == child_name(manifest, track) and shown.of(track.segments):
            if asked.filters:
                raise BadQuery("Media playlists cannot be filtered.")
            return media_playlist(
                manifest,
                track,
                encoder.ladder,
                encoder.timeline,
                shown,
                is_ts=_is_ts(endpoint),
                control=control,
            ).encode()
    return None


def _dash(
    endpoint: Resource, manifest: Manifest, encoder: Encoder, name: str, asked: ManifestQuery
) -> bytes | None:
    mpd = document(encoder.folder)
    if mpd is None or name != f"{manifest['ManifestName']}.mpd":
        return None
    there = tracks(mpd)
    shown = _shown(endpoint, manifest, encoder, there, asked)
    if shown is None:
        return None
    describe(mpd, encoder.ladder)
    return media_presentation_description(
        manifest,
        mpd,
        encoder.timeline,
        time.time(),
        shown=shown,
        ids={track.id for track in _chosen(there, encoder.stated, asked)},
    )


def _shown(
    endpoint: Resource,
    manifest: Manifest,
    encoder: Encoder,
    there: Sequence[Track],
    asked: ManifestQuery,
) -> Excerpt | None:
    """The segments that the manifest lists; None if there are none for the query."""
    own = float(manifest["ManifestWindowSeconds"])
    window = live(min(own, asked.window or own), encoder.ladder.segment_seconds)
    return excerpt(
        asked,
        there[0].segments,
        window=window,
        startover=float(endpoint.properties.get("StartoverWindowSeconds", 0)),
        origin=encoder.timeline.origin,
        now=time.time(),
    )


def _chosen(there: Sequence[Track], stated: Ladder, asked: ManifestQuery) -> list[Track]:
    """The tracks that pass the filters, by the template's sizes and bitrates.

    Raises:
        BadQuery: no track does.
    """
    chosen = [track for track in there if asked.takes(_traits(track, stated))]
    if not chosen:
        raise BadQuery("No rendition passes the filters.")
    return chosen


def _traits(track: Track, stated: Ladder) -> Mapping[str, Trait]:
    if not track.width:
        sound = stated.sound(track.id)
        return {
            "audio_bitrate": sound.bitrate,
            "audio_channels": sound.channels,
            "audio_codec": AUDIO_FILTERS.get(track.codec, track.codec),
            "audio_language": (sound.language or "und").lower(),
            "audio_sample_rate": sound.samples_per_second,
        }
    rendition = stated.rendition(track.id)
    return {
        "video_bitrate": rendition.bitrate,
        "video_codec": rendition.codec,
        "video_dynamic_range": "sdr",
        "video_framerate": float(stated.frames_per_second),
        "video_height": rendition.height,
    }


Writer = Callable[[Resource, Manifest, Encoder, str, ManifestQuery], bytes | None]
WRITERS: Mapping[str, Writer] = {
    "HlsManifests": _hls,
    "LowLatencyHlsManifests": _low_latency,
    "DashManifests": _dash,
}
