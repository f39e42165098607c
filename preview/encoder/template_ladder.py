"""MediaLive encoder settings and MediaPackage segments of the template, as a ladder."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from preview.encoder.codecs import VIDEO_CODECS
from preview.encoder.ladder import MOST_FRAMES, Ladder, Rendition
from preview.encoder.template_audio import (
    not_supported,
    outputs,
    package_settings,
    template_sounds,
)
from preview.encoder.template_captions import embedded, template_captions
from preview.resource import Resource
from preview.services.media import ALL_MANIFESTS

SECONDS_PER_UNIT = {"SECONDS": 1, "MILLISECONDS": 0.001}
MOST_STARTOVER_SECONDS = 600
"""How much of a startover window the preview keeps: everything is encoded on this machine."""
MOST_WINDOW_SECONDS = 900
"""The same of a manifest's window."""


def template_ladder(channel: Resource, endpoint: Resource) -> Ladder:
    """The renditions of a MediaLive channel, and the segments of a MediaPackage endpoint.

    The channel's segments are whole GOPs, and the endpoint's are whole segments of the channel:
    "MediaPackage rounds segments to the nearest multiple of the input segment duration".
    https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_Segment.html

    Raises:
        NotSupported: the channel uses codecs or audio selectors that the preview does not know.
    """
    settings = channel.properties["EncoderSettings"]
    pictures = [_video(channel, one)[1] for one in settings["VideoDescriptions"]]
    rate = Fraction(
        int(pictures[0].get("FramerateNumerator", MOST_FRAMES)),
        int(pictures[0].get("FramerateDenominator", 1)),
    )
    gop = _gop_frames(pictures[0], rate)
    gop_seconds = float(gop / rate)
    ingested = _rounded(_ingest_seconds(settings), to=gop_seconds)
    stated = float(endpoint.properties["Segment"]["SegmentDurationSeconds"])
    return Ladder(
        renditions=tuple(_rendition(channel, one) for one in settings["VideoDescriptions"]),
        sounds=template_sounds(channel),
        frames_per_second=rate,
        gop_frames=gop,
        segment_seconds=_rounded(stated, to=ingested),
        window_seconds=_kept_seconds(endpoint),
        captions=template_captions(channel),
    )


def _kept_seconds(endpoint: Resource) -> float:
    """The longest manifest window, or the startover window, of which the preview keeps a part."""
    startover = float(endpoint.properties.get("StartoverWindowSeconds", 0))
    return max(
        min(startover, MOST_STARTOVER_SECONDS),
        *(
            min(float(manifest["ManifestWindowSeconds"]), MOST_WINDOW_SECONDS)
            for kind in ALL_MANIFESTS
            for manifest in endpoint.properties.get(kind, [])
        ),
    )


def _ingest_seconds(settings: Mapping[str, Any]) -> float:
    """The length of the segments that the channel sends to MediaPackage, in seconds."""
    group = settings["OutputGroups"][0]["OutputGroupSettings"]["MediaPackageGroupSettings"]
    stated = group["MediapackageV2GroupSettings"]
    unit = SECONDS_PER_UNIT[stated["SegmentLengthUnits"]]
    return float(stated["SegmentLength"]) * unit


def _rounded(seconds: float, *, to: float) -> float:
    """The nearest multiple of `to`, which is positive."""
    return to * max(1, round(seconds / to))


def _rendition(channel: Resource, description: Mapping[str, Any]) -> Rendition:
    name, codec = _video(channel, description)
    output = next(
        (one for one in outputs(channel) if one.get("VideoDescriptionName") == description["Name"]),
        {},
    )
    groups = package_settings(output).get("AudioRenditionSets", "")
    return Rendition(
        width=int(description["Width"]),
        height=int(description["Height"]),
        bitrate=int(codec["MaxBitrate"]),
        profile=str(codec.get("Profile", "MAIN")),
        codec=name,
        has_captions=not embedded(channel).isdisjoint(output.get("CaptionDescriptionNames", [])),
        audio_groups=tuple(one.strip() for one in groups.split(",") if one.strip()),
    )


def _video(channel: Resource, description: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The name of the codec, and its settings.

    Raises:
        NotSupported: the preview does not encode it.
    """
    codecs: Mapping[str, Mapping[str, Any]] = description.get("CodecSettings", {})
    for name, codec in VIDEO_CODECS.items():
        if codec.settings in codecs:
            return name, codecs[codec.settings]
    raise not_supported(channel, description, codecs)


def _gop_frames(codec: Mapping[str, Any], rate: Fraction) -> int:
    """In H264Settings and H265Settings alike.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    size = Fraction(str(codec["GopSize"]))
    return max(1, round(size * rate if codec.get("GopSizeUnits") == "SECONDS" else size))
