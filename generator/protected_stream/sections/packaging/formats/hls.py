"""HLS (RFC 8216) with CMAF segments."""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import CMAF, Format, Timing, playlist

MANIFEST = "index"


def _configure(timing: Timing) -> mediapackage.HlsManifestConfiguration:
    return mediapackage.HlsManifestConfiguration(**playlist(MANIFEST, timing))


HLS = Format(
    label="HLS",
    container=CMAF,
    property="HlsManifests",
    configure=_configure,
    file=f"{MANIFEST}.m3u8",
    paths=("*.m3u8",),
    output="HlsManifest",
    meaning="HLS multivariant playlist",
    page_setting="hls",
)
