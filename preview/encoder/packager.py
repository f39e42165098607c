"""MediaPackage origin endpoint: serves manifests, as the template configures them, and segments.

Media playlists are named after their manifest and the track: index_0.m3u8, index_1.m3u8.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from preview.encoder.dash import media_presentation_description
from preview.encoder.encoder import Encoder
from preview.encoder.ffmpeg_mpd import document
from preview.encoder.hls import child_name, media_playlist, multivariant_playlist
from preview.encoder.tracks import tracks
from preview.resource import Resource
from preview.services.media import MANIFESTS

Manifest = Mapping[str, Any]


def packaged(endpoint: Resource, encoder: Encoder, name: str) -> bytes | None:
    """The file's content; None if there is no such file, or not yet."""
    for kind, suffix in MANIFESTS.items():
        for manifest in endpoint.properties.get(kind, []):
            if name.endswith(suffix):
                body = WRITERS[suffix](manifest, encoder, name)
                if body is not None:
                    return body
    return encoder.file(name)


def _hls(manifest: Manifest, encoder: Encoder, name: str) -> bytes | None:
    mpd = document(encoder.folder)
    if mpd is None:
        return None
    there = tracks(mpd)
    if name == f"{manifest['ManifestName']}.m3u8":
        return multivariant_playlist(manifest, there, encoder.ladder).encode()
    for track in there:
        if name == child_name(manifest, track):
            return media_playlist(manifest, track, encoder.ladder, encoder.timeline).encode()
    return None


def _dash(manifest: Manifest, encoder: Encoder, name: str) -> bytes | None:
    mpd = document(encoder.folder)
    if mpd is None or name != f"{manifest['ManifestName']}.mpd":
        return None
    return media_presentation_description(manifest, mpd, encoder.timeline, time.time())


WRITERS: Mapping[str, Callable[[Manifest, Encoder, str], bytes | None]] = {
    ".m3u8": _hls,
    ".mpd": _dash,
}
