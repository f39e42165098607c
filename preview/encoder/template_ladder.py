"""MediaLive encoder settings and MediaPackage segments of the template, as a ladder."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from preview.encoder.ladder import MOST_FRAMES, Ladder, Rendition, Sound
from preview.errors import NotSupported
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
        NotSupported: the channel uses codecs other than H.264 and AAC.
    """
    settings = channel.properties["EncoderSettings"]
    pictures = [_h264(channel, one) for one in settings["VideoDescriptions"]]
    rate = Fraction(
        int(pictures[0].get("FramerateNumerator", MOST_FRAMES)),
        int(pictures[0].get("FramerateDenominator", 1)),
    )
    gop = _gop_frames(pictures[0], rate)
    gop_seconds = float(gop / rate)
    ingested = _rounded(_ingest_seconds(settings), to=gop_seconds)
    stated = float(endpoint.properties["Segment"]["SegmentDurationSeconds"])
    return Ladder(
        renditions=tuple(
            Rendition(
                width=int(one["Width"]),
                height=int(one["Height"]),
                bitrate=int(codec["MaxBitrate"]),
                profile=str(codec.get("Profile", "MAIN")),
            )
            for one, codec in zip(settings["VideoDescriptions"], pictures, strict=True)
        ),
        sound=_sound(channel, settings["AudioDescriptions"][0]),
        frames_per_second=rate,
        gop_frames=gop,
        segment_seconds=_rounded(stated, to=ingested),
        window_seconds=_kept_seconds(endpoint),
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


def _h264(channel: Resource, description: Mapping[str, Any]) -> Mapping[str, Any]:
    return _codec(channel, description, "H264Settings")


def _sound(channel: Resource, description: Mapping[str, Any]) -> Sound:
    codec = _codec(channel, description, "AacSettings")
    return Sound(
        bitrate=int(codec["Bitrate"]),
        samples_per_second=int(codec["SampleRate"]),
        language=description.get("LanguageCode"),
    )


def _codec(channel: Resource, description: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    codecs: Mapping[str, Mapping[str, Any]] = description.get("CodecSettings", {})
    if name not in codecs:
        stated = ", ".join(codecs) or "no codec"
        raise NotSupported(
            f"{channel.logical_id}, {description['Name']}: the preview encodes only H264Settings"
            f" and AacSettings, not {stated}. Pass --no-encoder to run it without media."
        )
    return codecs[name]


def _gop_frames(codec: Mapping[str, Any], rate: Fraction) -> int:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels.html (H264Settings)."""
    size = Fraction(str(codec["GopSize"]))
    return max(1, round(size * rate if codec.get("GopSizeUnits") == "SECONDS" else size))
