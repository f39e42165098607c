"""MediaLive audio descriptions and their outputs, as audio renditions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preview.encoder.audio_selection import FIRST_AUDIO, SELECTIONS, Selection
from preview.encoder.codecs import AUDIO_CODECS
from preview.encoder.ladder import Sound
from preview.errors import NotSupported
from preview.resource import Resource

# https://docs.aws.amazon.com/medialive/latest/apireference/channels.html (AacCodingMode)
CHANNELS = {"CODING_MODE_1_0": 1, "CODING_MODE_5_1": 6}
DOLBY_BITRATE = 192_000
DOLBY_SAMPLE_RATE = 48_000
"""What replaces a source's AC-3; its own bitrate is not in the template."""

Properties = Mapping[str, Any]


def template_sounds(channel: Resource) -> tuple[Sound, ...]:
    """The audio renditions of a MediaLive channel, in the order of its AudioDescriptions.

    One of them is the default: the first whose HlsDefault is YES, otherwise the first for which it
    is not NO. Where HlsAutoSelect is not NO, players may choose the audio by language.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-medialive-channel-mediapackagev2destinationsettings.html

    Raises:
        NotSupported: an audio has a codec or a selector that the preview does not know.
    """
    described = channel.properties["EncoderSettings"]["AudioDescriptions"]
    outputs = [_output_settings(channel, one["Name"]) for one in described]
    stated = [settings.get("HlsDefault", "OMIT") for settings in outputs]
    order = {"YES": 0, "OMIT": 1, "NO": 2}
    default = min(range(len(stated)), key=lambda index: order[stated[index]])
    return tuple(
        replace(
            _sound(channel, one),
            group=settings.get("AudioGroupId"),
            is_default=index == default,
            is_autoselect=index == default or settings.get("HlsAutoSelect") != "NO",
        )
        for index, (one, settings) in enumerate(zip(described, outputs, strict=True))
    )


def _sound(channel: Resource, description: Properties) -> Sound:
    codecs = description.get("CodecSettings", {})
    found = [name for name, codec in AUDIO_CODECS.items() if codec.settings in codecs]
    if not found:
        raise not_supported(channel, description, codecs)
    (name,) = found
    read = READERS[name](codecs[AUDIO_CODECS[name].settings])
    return replace(
        read,
        codec=name,
        language=description.get("LanguageCode"),
        prefers_source_language=description.get("LanguageCodeControl") == "FOLLOW_INPUT",
        description=str(description["Name"]),
        name=description.get("StreamName"),
        selection=_selection(channel, description.get("AudioSelectorName")),
    )


def not_supported(channel: Resource, description: Properties, codecs: Properties) -> NotSupported:
    """A codec that the preview does not encode."""
    stated = ", ".join(codecs) or "no codec"
    return NotSupported(
        f"{channel.logical_id}, {description['Name']}: the preview encodes only H264Settings,"
        f" H265Settings and AacSettings, and copies PassThroughSettings, not {stated}. Pass"
        " --no-encoder to run it without media."
    )


def _aac(settings: Properties) -> Sound:
    return Sound(
        bitrate=int(settings["Bitrate"]),
        samples_per_second=int(settings["SampleRate"]),
        channels=CHANNELS.get(settings.get("CodingMode", ""), 2),
        language=None,
    )


def _dolby(_: Properties) -> Sound:
    return Sound(bitrate=DOLBY_BITRATE, samples_per_second=DOLBY_SAMPLE_RATE, language=None)


READERS: Mapping[str, Callable[[Properties], Sound]] = {"aac": _aac, "dolby": _dolby}


def _selection(channel: Resource, name: str | None) -> Selection:
    """The audio selector with that name; the source's first audio without selector settings."""
    for selector in _selectors(channel):
        if selector["Name"] == name:
            for kind, settings in selector.get("SelectorSettings", {}).items():
                if kind not in SELECTIONS:
                    raise NotSupported(
                        f"{channel.logical_id}, {name}: the preview does not know the audio"
                        f" selector {kind}. Pass --no-encoder to run it without media."
                    )
                return SELECTIONS[kind](settings)
    return FIRST_AUDIO


def _selectors(channel: Resource) -> Iterator[Properties]:
    for attachment in channel.properties.get("InputAttachments", []):
        yield from attachment.get("InputSettings", {}).get("AudioSelectors", [])


def _output_settings(channel: Resource, description: str) -> Properties:
    """The settings of the output with that audio; {} if it has none."""
    for output in outputs(channel):
        if description in output.get("AudioDescriptionNames", []):
            return package_settings(output)
    return {}


def outputs(channel: Resource) -> Iterator[Properties]:
    """All outputs of the channel."""
    for group in channel.properties["EncoderSettings"]["OutputGroups"]:
        yield from group.get("Outputs", [])


def package_settings(output: Properties) -> Properties:
    """What an output states for MediaPackage v2; {} if nothing."""
    settings: Properties = output.get("OutputSettings", {}).get("MediaPackageOutputSettings", {})
    stated: Properties = settings.get("MediaPackageV2DestinationSettings", {})
    return stated
