"""DASH (ISO/IEC 23009-1) with CMAF segments."""

from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.packaging.formats.format import (
    CMAF,
    SEGMENTS_BEHIND,
    Format,
    Timing,
)

MANIFEST = "index"


def _configure(timing: Timing) -> mediapackage.DashManifestConfiguration:
    """Players stay three segments behind live and buffer two, as in the HLS manifest.

    Source: RFC 8216, section 6.3.3 (three target durations), applied to DASH.
    """
    return mediapackage.DashManifestConfiguration(
        ManifestName=MANIFEST,
        ManifestWindowSeconds=timing.window_seconds,
        MinUpdatePeriodSeconds=timing.segment_seconds,
        MinBufferTimeSeconds=2 * timing.segment_seconds,
        SuggestedPresentationDelaySeconds=SEGMENTS_BEHIND * timing.segment_seconds,
        SegmentTemplateFormat="NUMBER_WITH_TIMELINE",
        UtcTiming=mediapackage.DashUtcTiming(TimingMode="UTC_DIRECT"),
    )


DASH = Format(
    label="DASH",
    container=CMAF,
    property="DashManifests",
    configure=_configure,
    file=f"{MANIFEST}.mpd",
    paths=("*.mpd",),
    output="DashManifest",
    meaning="DASH manifest",
    page_setting="dash",
)
