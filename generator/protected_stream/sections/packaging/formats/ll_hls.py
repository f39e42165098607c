"""Low-Latency HLS: players wait at the packager for the part of a segment that comes next.

https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis
"""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import CMAF, Format, Timing, playlist

MANIFEST = "low-latency"
"""Differs from HLS's: both are playlists of one endpoint."""
DELIVERY_DIRECTIVES = ("_HLS_msn", "_HLS_part", "_HLS_skip")
"""Draft of RFC 8216 bis, section 6.2.5: they belong in the cache key, as responses differ."""


def _configure(timing: Timing) -> mediapackage.LowLatencyHlsManifestConfiguration:
    return mediapackage.LowLatencyHlsManifestConfiguration(**playlist(MANIFEST, timing))


LL_HLS = Format(
    label="Low-Latency HLS",
    container=CMAF,
    property="LowLatencyHlsManifests",
    configure=_configure,
    file=f"{MANIFEST}.m3u8",
    paths=("*.m3u8",),
    output="LowLatencyHlsManifest",
    meaning="Low-Latency HLS multivariant playlist",
    page_setting="llHls",
    queries=DELIVERY_DIRECTIVES,
)
