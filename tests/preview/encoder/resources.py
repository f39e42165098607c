"""Test data: a MediaLive channel, a MediaPackage endpoint, a ladder, and an MPD from ffmpeg."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

from preview.encoder.ladder import Ladder, Rendition, Sound
from preview.encoder.tracks import Timeline
from preview.resource import Resource

ORIGIN = 1_704_067_200.0  # 2024-01-01T00:00:00Z


def video(height: int, bitrate: int, **h264: Any) -> dict[str, Any]:
    """A VideoDescription, 16:9."""
    settings = {
        "MaxBitrate": bitrate,
        "FramerateNumerator": 30,
        "FramerateDenominator": 1,
        "GopSize": 2,
        "GopSizeUnits": "SECONDS",
        "Profile": "MAIN",
    }
    return {
        "Name": f"video-{height}",
        "Width": height * 16 // 9,
        "Height": height,
        "CodecSettings": {"H264Settings": {**settings, **h264}},
    }


AAC = {"AacSettings": {"Bitrate": 96000, "SampleRate": 48000}}


def audio(name: str = "audio", **properties: Any) -> dict[str, Any]:
    """An AudioDescription."""
    return {"Name": name, "CodecSettings": AAC, **properties}


def output(*, audio: str = "", video: str = "", **settings: str) -> dict[str, Any]:
    """An output with an audio or a video; `settings` are for MediaPackage v2."""
    streams = {"AudioDescriptionNames": [audio]} if audio else {"VideoDescriptionName": video}
    package = {"MediaPackageV2DestinationSettings": settings}
    return {"OutputSettings": {"MediaPackageOutputSettings": package}, **streams}


def channel(
    *videos: dict[str, Any],
    segment_seconds: int = 2,
    audios: Sequence[dict[str, Any]] = (audio(),),
    outputs: Sequence[dict[str, Any]] = (),
    selectors: Sequence[dict[str, Any]] = (),
    captions: Sequence[dict[str, Any]] = (),
    languages: Sequence[dict[str, Any]] = (),
) -> Resource:
    """A MediaLive channel that sends segments of that length to MediaPackage."""
    return Resource(
        logical_id="LiveChannel",
        type="AWS::MediaLive::Channel",
        properties={
            "InputAttachments": [{"InputSettings": {"AudioSelectors": list(selectors)}}],
            "EncoderSettings": {
                "VideoDescriptions": list(videos),
                "AudioDescriptions": list(audios),
                "CaptionDescriptions": list(captions),
                "OutputGroups": [
                    {
                        "Outputs": list(outputs),
                        "OutputGroupSettings": {
                            "MediaPackageGroupSettings": {
                                "MediapackageV2GroupSettings": {
                                    "SegmentLength": segment_seconds,
                                    "SegmentLengthUnits": "SECONDS",
                                    "CaptionLanguageMappings": list(languages),
                                }
                            }
                        },
                    }
                ],
            },
        },
    )


def endpoint(segment_seconds: int = 4, **windows: int) -> Resource:
    """A MediaPackage endpoint; `windows` are the manifest windows in seconds, by kind."""
    windows = windows or {"HlsManifests": 300, "DashManifests": 300}
    return Resource(
        logical_id="Endpoint",
        type="AWS::MediaPackageV2::OriginEndpoint",
        properties={
            "Segment": {"SegmentDurationSeconds": segment_seconds},
            **{
                kind: [{"ManifestName": "index", "ManifestWindowSeconds": seconds}]
                for kind, seconds in windows.items()
            },
        },
    )


AUDIO = Sound(bitrate=96_000, samples_per_second=48_000, language=None)
"""An audio rendition without a name."""


def two_rungs(**changes: Any) -> Ladder:
    """A small ladder."""
    stated: dict[str, Any] = {
        "renditions": (
            Rendition(width=320, height=180, bitrate=300_000, profile="HIGH"),
            Rendition(width=160, height=90, bitrate=100_000, profile="MAIN"),
        ),
        "sounds": (AUDIO,),
        "frames_per_second": Fraction(30),
        "gop_frames": 60,
        "segment_seconds": 4.0,
        "window_seconds": 300.0,
    }
    return Ladder(**{**stated, **changes})


def timeline(**changes: Any) -> Timeline:
    """A source that started at 2024-01-01T00:16:40Z."""
    stated = {"name": "segment_1", "origin": ORIGIN, "begins": 1000.0, "gaps": 0}
    return Timeline(**{**stated, **changes})


def representation(track: str, kind: str, timescale: int, segments: str, start: int) -> str:
    """A Representation from ffmpeg; `kind` are its attributes."""
    return (
        f'<Representation id="{track}" {kind}><SegmentTemplate timescale="{timescale}"'
        ' initialization="s_$RepresentationID$_init.mp4" media="s_$RepresentationID$_$Number$.m4s"'
        f' startNumber="{start}"><SegmentTimeline>{segments}</SegmentTimeline></SegmentTemplate>'
        "</Representation>"
    )


def mpd(
    first: str = '<S t="1000000" d="4000" r="1"/><S d="3000"/>',
    second: str = '<S t="1000000" d="4000" r="1"/>',
    start: int = 1,
    audios: Sequence[str] = ("mp4a.40.2",),
) -> str:
    """An MPD from ffmpeg for two video tracks, with the given segments, and audio tracks.

    Args:
        first: the segments of the first video track.
        second: those of the second.
        start: the number of the first segment.
        audios: the codec of each audio track.
    """
    large = 'codecs="avc1.64001f" bandwidth="300000" width="320" height="180"'
    small = 'codecs="avc1.4d400d" bandwidth="100000" width="160" height="90"'
    heard = '<S t="47998976" d="192512" r="1"/><S d="143360"/>'
    schema = "http://www.w3.org/2001/XMLSchema-instance"
    videos = representation("0", large, 1000, first, start) + representation(
        "1", small, 1000, second, start
    )
    sounds = "".join(
        f'<AdaptationSet id="{number}" contentType="audio">'
        + representation(
            str(number + 1), f'codecs="{codec}" bandwidth="{96_000 * number}"', 48000, heard, 1
        )
        + "</AdaptationSet>"
        for number, codec in enumerate(audios, 1)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><MPD xmlns:xsi="{schema}"'
        ' xmlns="urn:mpeg:dash:schema:mpd:2011" xsi:schemaLocation="urn:mpeg:DASH:schema:MPD:2011"'
        ' type="static" mediaPresentationDuration="PT11S" minBufferTime="PT1S">'
        '<ProgramInformation/><ServiceDescription id="0"/><Period id="0" start="PT0.0S">'
        f'<AdaptationSet id="0" contentType="video">{videos}</AdaptationSet>'
        f"{sounds}</Period></MPD>"
    )


def parsed(xml: str | bytes) -> ElementTree.Element:
    """Parses an MPD from a test or from ffmpeg."""
    return ElementTree.fromstring(xml)  # noqa: S314 - trusted input
