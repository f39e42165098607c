"""HLS (RFC 8216) with MPEG-2 TS segments, for players that cannot play CMAF."""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import Container, Format, Timing, playlist

MANIFEST = "index"
TS = Container(
    type="TS",
    endpoint="PackagerTsEndpoint",
    meaning="serves {formats}",
    # all audio in one group, so that no segment contains every language
    segment={"TsUseAudioRenditionGroup": True},
    codecs=("avc",),
)


def _configure(timing: Timing) -> mediapackage.HlsManifestConfiguration:
    return mediapackage.HlsManifestConfiguration(**playlist(MANIFEST, timing))


HLS_TS = Format(
    label="HLS with TS segments",
    container=TS,
    property="HlsManifests",
    configure=_configure,
    file=f"{MANIFEST}.m3u8",
    paths=("*.m3u8",),
    output="HlsTsManifest",
    meaning="HLS multivariant playlist, with TS segments",
    page_setting="hlsTs",
)
