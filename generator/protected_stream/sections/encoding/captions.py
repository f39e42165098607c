"""Captions that a MediaLive channel passes through in its video, or makes a track of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from troposphere import medialive

from protected_stream.sections.encoding.options import CaptionOptions, EncodingOptions
from protected_stream.sections.packaging import CaptionChannel, EncodedStream

EMBEDDED = "captions"
"""The name of the selector and the description of all captions in the video."""


@dataclass(frozen=True, kw_only=True)
class CaptionTrack:
    """Captions in an output of their own."""

    name: str
    """The name of its description, selector and output."""
    options: CaptionOptions


def caption_tracks(options: EncodingOptions) -> tuple[CaptionTrack, ...]:
    """The tracks of captions, in the order of the stream file."""
    return tuple(
        CaptionTrack(name=f"captions-{number}-{one.language}", options=one)
        for number, one in enumerate(options.captions, start=1)
        if one.form == "track"
    )


def caption_channels(options: EncodingOptions) -> tuple[CaptionChannel, ...]:
    """The channels of captions that pass through in the video."""
    return tuple(
        CaptionChannel(number=one.channel_number, language=one.language, name=one.label)
        for one in options.captions
        if one.form == "embedded"
    )


def caption_selectors(options: EncodingOptions) -> Iterator[medialive.CaptionSelector]:
    """The selectors of an input.

    Source: AWS Elemental MediaLive API, CaptionSelectorSettings; a channel's number is not used for
    captions that pass through.
    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    if _has_embedded(options):
        through = medialive.EmbeddedSourceSettings()
        yield _selector(EMBEDDED, EmbeddedSourceSettings=through)
    for one in caption_tracks(options):
        yield _selector(one.name, **_source(one.options))


def _selector(name: str, **settings: Any) -> medialive.CaptionSelector:
    chosen = medialive.CaptionSelectorSettings(**settings)
    return medialive.CaptionSelector(Name=name, SelectorSettings=chosen)


def _source(captions: CaptionOptions) -> dict[str, Any]:
    if captions.source == "teletext":
        page = medialive.TeletextSourceSettings(PageNumber=str(captions.page))
        return {"TeletextSourceSettings": page}
    channel = medialive.EmbeddedSourceSettings(Source608ChannelNumber=captions.channel_number)
    return {"EmbeddedSourceSettings": channel}


def caption_descriptions(options: EncodingOptions) -> Iterator[medialive.CaptionDescription]:
    """One for all captions in the video, and one for each track.

    Source: AWS Elemental MediaLive User Guide, "Captions categories" (embedded captions are one
    entity in the video, for up to four languages; TTML is in an output of its own).
    https://docs.aws.amazon.com/medialive/latest/ug/categories-captions.html
    """
    if _has_embedded(options):
        yield medialive.CaptionDescription(
            Name=EMBEDDED,
            CaptionSelectorName=EMBEDDED,
            DestinationSettings=medialive.CaptionDestinationSettings(
                EmbeddedDestinationSettings=medialive.EmbeddedDestinationSettings()
            ),
        )
    for one in caption_tracks(options):
        yield medialive.CaptionDescription(
            Name=one.name,
            CaptionSelectorName=one.name,
            LanguageCode=one.options.language,
            LanguageDescription=one.options.label,
            DestinationSettings=_ttml(),
        )


def _ttml() -> medialive.CaptionDestinationSettings:
    """TTML, as MediaPackage v2 answers segments of WebVTT with 400.

    MediaLive's table for MediaPackage ("Captions formats supported in HLS or MediaPackage outputs")
    has WebVTT, but for HLS containers, and a group for MediaPackage v2 sends CMAF.

    Source: aws-samples/aws-cdk-mediaservices-refarch,
    LEF/tools/encoding-profile-generator/generate_encoding_profile_set.py (TTML for MediaPackage and
    CMAF Ingest); the changelog of the sample "sample-clipping-portal", 1.0.23 and 1.0.24, which has
    run both.
    """
    return medialive.CaptionDestinationSettings(
        TtmlDestinationSettings=medialive.TtmlDestinationSettings(StyleControl="PASSTHROUGH")
    )


def in_video(options: EncodingOptions) -> dict[str, list[str]]:
    """What an output of video carries besides the video."""
    return {"CaptionDescriptionNames": [EMBEDDED]} if _has_embedded(options) else {}


def caption_streams(options: EncodingOptions) -> tuple[EncodedStream, ...]:
    """The outputs of the tracks."""
    return tuple(
        EncodedStream(name=one.name, descriptions={"CaptionDescriptionNames": [one.name]})
        for one in caption_tracks(options)
    )


def _has_embedded(options: EncodingOptions) -> bool:
    return bool(caption_channels(options))
