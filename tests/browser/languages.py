"""A template with several audios and embedded captions, for viewers who choose between them."""

import copy
from typing import Any

AUDIOS = {"English": ("en", "eng"), "Deutsch": ("de", "deu")}
"""The name of each audio, its language, and the language that is selected in the source."""
CAPTIONS = {1: ("eng", "English"), 3: ("deu", "Deutsch")}
"""The language and the name of each caption channel."""
RENDITIONS = {"top": (1280, 720, "H264Settings"), "small": (640, 360, "H264Settings")}
HEVC = {"efficient": (640, 360, "H265Settings")}
"""Width, height and codec of each video."""
ONLY_H264 = {"EntropyEncoding", "FramerateControl", "ParControl", "QualityLevel"}


def with_languages(template: dict[str, Any]) -> dict[str, Any]:
    """The template with its own ladder, two audios and captions, as MediaLive takes them."""
    changed = copy.deepcopy(template)
    (channel,) = (
        one["Properties"]
        for one in changed["Resources"].values()
        if one["Type"] == "AWS::MediaLive::Channel"
    )
    settings = channel["EncoderSettings"]
    (group,) = settings["OutputGroups"]
    for attachment in channel["InputAttachments"]:
        attachment["InputSettings"] |= {
            "AudioSelectors": [_selector(language) for _, language in AUDIOS.values()],
            "CaptionSelectors": [_caption_selector(number) for number in CAPTIONS],
        }
    video, audio = settings["VideoDescriptions"][0], settings["AudioDescriptions"][0]
    settings["VideoDescriptions"] = [
        _video(video, name, *size) for name, size in {**RENDITIONS, **HEVC}.items()
    ]
    settings["AudioDescriptions"] = [_audio(audio, name) for name in AUDIOS]
    settings["CaptionDescriptions"] = [
        {
            "Name": f"captions-{number}",
            "CaptionSelectorName": f"captions-{number}",
            "DestinationSettings": {"EmbeddedDestinationSettings": {}},
        }
        for number in CAPTIONS
    ]
    group["OutputGroupSettings"]["MediaPackageGroupSettings"]["MediapackageV2GroupSettings"][
        "CaptionLanguageMappings"
    ] = [
        {"CaptionChannel": number, "LanguageCode": language, "LanguageDescription": name}
        for number, (language, name) in CAPTIONS.items()
    ]
    group["Outputs"] = [*map(_video_output, [*RENDITIONS, *HEVC]), *map(_audio_output, AUDIOS)]
    return changed


def _selector(language: str) -> dict[str, Any]:
    choice = {"AudioLanguageSelection": {"LanguageCode": language}}
    return {"Name": language, "SelectorSettings": choice}


def _caption_selector(number: int) -> dict[str, Any]:
    source = {"EmbeddedSourceSettings": {"Source608ChannelNumber": number}}
    return {"Name": f"captions-{number}", "SelectorSettings": source}


def _video(video: dict[str, Any], name: str, width: int, height: int, codec: str) -> dict[str, Any]:
    (stated,) = video["CodecSettings"].values()
    if codec == "H265Settings":
        stated = {key: value for key, value in stated.items() if key not in ONLY_H264}
        stated["Profile"] = "MAIN"
    size = {"Name": name, "Width": width, "Height": height}
    return {**video, **size, "CodecSettings": {codec: stated}}


def _audio(audio: dict[str, Any], name: str) -> dict[str, Any]:
    language, selected = AUDIOS[name]
    return {
        **audio,
        "Name": name,
        "AudioSelectorName": selected,
        "LanguageCodeControl": "USE_CONFIGURED",
        "LanguageCode": language,
        "StreamName": name,
    }


def _video_output(name: str) -> dict[str, Any]:
    return {
        "OutputName": name,
        "OutputSettings": {"MediaPackageOutputSettings": {}},
        "VideoDescriptionName": name,
        "CaptionDescriptionNames": [f"captions-{number}" for number in CAPTIONS],
    }


def _audio_output(name: str) -> dict[str, Any]:
    default = "YES" if name == next(iter(AUDIOS)) else "NO"
    destination = {"MediaPackageV2DestinationSettings": {"HlsDefault": default}}
    return {
        "OutputName": name.lower(),
        "OutputSettings": {"MediaPackageOutputSettings": destination},
        "AudioDescriptionNames": [name],
    }
