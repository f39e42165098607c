"""Video codecs of the renditions, and MediaLive's settings for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from troposphere import NoValue, medialive

from protected_stream.lint.levels import H264, H265, Levels
from protected_stream.sections.encoding.ladder import CodecName, ProfileName, Rung

FULL_HD_COLUMNS, FULL_HD_LINES = 1920, 1080


@dataclass(frozen=True, kw_only=True)
class Codec:
    """A video codec."""

    bitrates: tuple[int, int]
    """The smallest and the largest, in bits per second."""
    source: str
    """Where the bitrates are documented."""
    profiles: Mapping[ProfileName, str]
    """MediaLive's names of the profiles."""
    levels: Levels
    settings: Callable[[Rung, Fraction, int], medialive.VideoCodecSettings]
    """MediaLive's settings of a rendition, given frames per second and seconds of a GOP."""


def _rate_control(rung: Rung, codec: Codec) -> dict[str, Any]:
    """Bits where the picture needs them, up to the maximum."""
    return {
        "RateControlMode": "QVBR",
        "MaxBitrate": rung.bitrate,
        "BufSize": 2 * rung.bitrate,
        "QvbrQualityLevel": rung.quality,
        "Profile": codec.profiles[rung.profile],
        "Level": NoValue if rung.level == "auto" else codec.levels.name(rung.level),
    }


def _frame_rate(rate: Fraction) -> dict[str, Any]:
    return {"FramerateNumerator": rate.numerator, "FramerateDenominator": rate.denominator}


def _gops(seconds: int) -> dict[str, Any]:
    """Square pixels, and GOPs that every rendition has, so that a player can switch at any."""
    return {
        "ParNumerator": 1,
        "ParDenominator": 1,
        "ScanType": "PROGRESSIVE",
        "GopSize": seconds,
        "GopSizeUnits": "SECONDS",
        "GopClosedCadence": 1,
    }


ANALYSIS = {
    # an I-frame at a scene change would not be in every rendition
    "SceneChangeDetect": "DISABLED",
    "AdaptiveQuantization": "AUTO",
    "LookAheadRateControl": "HIGH",
}


def _avc(rung: Rung, rate: Fraction, gop_seconds: int) -> medialive.VideoCodecSettings:
    """Settings that are left out have MediaLive's defaults.

    Source: AWS Elemental MediaLive API, H264Settings.
    """
    return medialive.VideoCodecSettings(
        H264Settings=medialive.H264Settings(
            **_rate_control(rung, CODECS["avc"]),
            EntropyEncoding="CABAC",
            FramerateControl="SPECIFIED",
            **_frame_rate(rate),
            ParControl="SPECIFIED",
            **_gops(gop_seconds),
            GopNumBFrames=3,
            GopBReference="ENABLED",
            **ANALYSIS,
            QualityLevel="STANDARD_QUALITY",  # the enhanced one is priced separately
        )
    )


def _hevc(rung: Rung, rate: Fraction, gop_seconds: int) -> medialive.VideoCodecSettings:
    """Above 1080p, MediaLive accepts fewer B-frames, and does not refer to them.

    Whether it counts lines or pixels is not documented: a picture that is wider counts, too.

    Source: AWS Elemental MediaLive API, H265Settings, GopBReference, GopNumBFrames and
    SubgopLength. https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    b_frames: dict[str, Any] = (
        {"GopNumBFrames": 2, "GopBReference": "DISABLED", "SubgopLength": "FIXED"}
        if rung.height > FULL_HD_LINES or rung.width > FULL_HD_COLUMNS
        else {"GopNumBFrames": 3, "GopBReference": "ENABLED"}
    )
    return medialive.VideoCodecSettings(
        H265Settings=medialive.H265Settings(
            **_rate_control(rung, CODECS["hevc"]),
            Tier="MAIN",
            **_frame_rate(rate),
            **_gops(gop_seconds),
            **b_frames,
            **ANALYSIS,
        )
    )


CODECS: Mapping[CodecName, Codec] = {
    "avc": Codec(
        bitrates=(50_000, 50_000_000),
        source="MediaLive's largest price class is 50 Mbit/s",
        profiles={"main": "MAIN", "high": "HIGH"},
        levels=H264,
        settings=_avc,
    ),
    "hevc": Codec(
        bitrates=(100_000, 40_000_000),
        source="MediaLive API, H265Settings.MaxBitrate",
        profiles={"main": "MAIN", "main-10bit": "MAIN_10BIT"},
        levels=H265,
        settings=_hevc,
    ),
}
"""By their names in the stream file.

Source of the bitrates: for H.265, the SDK's model of MediaLive (__integerMin100000Max40000000). For
H.264, the model allows 1,000 and more; the minimum here is ours and finds bitrates in kbit/s, and
the maximum is AWS Elemental MediaLive API, ReservationMaximumBitrate.
"""
