"""HLS (RFC 8216) with CMAF segments."""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import CMAF, Format, Timing

MANIFEST = "index"


def _configure(timing: Timing) -> mediapackage.HlsManifestConfiguration:
    """URLs in the playlists are encoded so that CloudFront can sign requests for them (SigV4).

    Source: AWS Elemental MediaPackage v2 User Guide, "Creating an origin endpoint".
    """
    return mediapackage.HlsManifestConfiguration(
        ManifestName=MANIFEST,
        ManifestWindowSeconds=timing.window_seconds,
        ProgramDateTimeIntervalSeconds=timing.segment_seconds,
        UrlEncodeChildManifest=True,
    )


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
