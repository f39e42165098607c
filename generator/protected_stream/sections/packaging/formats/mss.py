"""Microsoft Smooth Streaming, for older television sets; the page does not play it."""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import Container, Format, Timing

MANIFEST = "index"
ISM = Container(
    type="ISM",
    endpoint="PackagerIsmEndpoint",
    meaning="serves {formats}",
    codecs=("avc",),
    # not documented, so every rendition must be one that it serves
    leaves_out=False,
)


def _configure(timing: Timing) -> mediapackage.MssManifestConfiguration:
    """Source: AWS Elemental MediaPackage v2 API, CreateMssManifestConfiguration."""
    return mediapackage.MssManifestConfiguration(
        ManifestName=MANIFEST, ManifestWindowSeconds=timing.window_seconds
    )


MSS = Format(
    label="Smooth Streaming",
    container=ISM,
    property="MssManifests",
    configure=_configure,
    file=f"{MANIFEST}.ism/Manifest",
    paths=("*/Manifest",),
    output="MssManifest",
    meaning="Microsoft Smooth Streaming manifest",
)
