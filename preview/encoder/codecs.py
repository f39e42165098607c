"""Codecs of renditions: MediaLive's settings for them, and how ffmpeg encodes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from preview.encoder.ladder import Rendition, Sound

# H.264 profile features that ultrafast turns off: https://www.itu.int/rec/T-REC-H.264, annex A
H264_PROFILES = {"BASELINE": "cabac=0", "MAIN": "cabac=1", "HIGH": "cabac=1:8x8dct=1"}
# https://x265.readthedocs.io/en/stable/cli.html (--profile), and its pixel format
H265_PROFILES = {"MAIN": ("main", "yuv420p"), "MAIN_10BIT": ("main10", "yuv420p10le")}
Options = Mapping[str, str]
"""ffmpeg's options without a stream specifier, and their values."""


@dataclass(frozen=True, kw_only=True)
class VideoCodec:
    """A codec of video renditions."""

    settings: str
    """The property of VideoCodecSettings."""
    encoder: str
    """ffmpeg's encoder."""
    is_in_ts: bool
    """Whether MediaPackage has it in MPEG-2 TS segments."""
    keeps_captions: bool
    """Whether ffmpeg embeds a picture's captions."""
    options: Callable[[Rendition, int], Options]
    """For a rendition, and its frames per GOP."""


@dataclass(frozen=True, kw_only=True)
class AudioCodec:
    """A codec of audio renditions."""

    settings: str
    """The property of AudioCodecSettings."""
    encoder: str
    """ffmpeg's encoder."""
    group: str
    """The HLS audio group: all its members have the same codec."""
    passes: frozenset[str]
    """What is copied from a source, by ffmpeg's names; empty if everything is encoded."""


def _h264(rendition: Rendition, gop_frames: int) -> Options:
    return {
        "x264-params": H264_PROFILES.get(rendition.profile, ""),
        "a53cc": str(int(rendition.has_captions)),
        "sc_threshold": "0",
        "flags": "+cgop",
        "g": str(gop_frames),
        "keyint_min": str(gop_frames),
    }


def _h265(rendition: Rendition, gop_frames: int) -> Options:
    """Without a look-ahead, as the picture must not be later than that of the other renditions.

    The sample entry `hvc1` is the one that Apple's players take:
    https://developer.apple.com/documentation/http-live-streaming/hls-authoring-specification-for-apple-devices
    """
    profile, pixels = H265_PROFILES.get(rendition.profile, H265_PROFILES["MAIN"])
    gop = f"keyint={gop_frames}:min-keyint={gop_frames}:scenecut=0:open-gop=0"
    return {
        "x265-params": f"{gop}:pools=none:frame-threads=1:log-level=error",
        "tune": "zerolatency",
        "profile": profile,
        "pix_fmt": pixels,
        "tag": "hvc1",
    }


VIDEO_CODECS: Mapping[str, VideoCodec] = {
    "h264": VideoCodec(
        settings="H264Settings",
        encoder="libx264",
        is_in_ts=True,
        keeps_captions=True,
        options=_h264,
    ),
    # https://docs.aws.amazon.com/mediapackage/latest/userguide/supported-inputs.html
    "h265": VideoCodec(
        settings="H265Settings",
        encoder="libx265",
        is_in_ts=False,
        keeps_captions=False,
        options=_h265,
    ),
}
"""By the names in MediaPackage's manifest filters."""

AUDIO_CODECS: Mapping[str, AudioCodec] = {
    "aac": AudioCodec(settings="AacSettings", encoder="aac", group="audio", passes=frozenset()),
    "dolby": AudioCodec(
        settings="PassThroughSettings",
        encoder="ac3",
        group="dolby",
        passes=frozenset({"ac3", "eac3"}),
    ),
}


def encoder_options(sound: Sound) -> Options:
    """How ffmpeg encodes audio."""
    return {
        "c": AUDIO_CODECS[sound.codec].encoder,
        "b": str(sound.bitrate),
        "ac": str(sound.channels),
        "ar": str(sound.samples_per_second),
    }
