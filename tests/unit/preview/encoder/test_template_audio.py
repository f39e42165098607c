"""Audio renditions of the template."""

from collections.abc import Sequence
from typing import Any

import pytest

from preview.encoder.audio_selection import LanguageSelection, TrackSelection
from preview.encoder.template_audio import template_sounds
from preview.errors import NotSupported
from tests.preview.encoder.resources import audio, channel, output, video

SELECTORS: list[dict[str, Any]] = [
    {"Name": "first"},
    {
        "Name": "german",
        "SelectorSettings": {"AudioLanguageSelection": {"LanguageCode": "deu"}},
    },
]


def test_each_audio_has_its_name_language_and_source() -> None:
    audios = [
        audio("one", AudioSelectorName="first", LanguageCodeControl="FOLLOW_INPUT"),
        audio("two", AudioSelectorName="german", LanguageCode="de", StreamName="Deutsch"),
        audio("three", CodecSettings={"PassThroughSettings": {}}),
    ]
    one, two, three = template_sounds(channel(video(360, 1), audios=audios, selectors=SELECTORS))
    assert (one.description, one.name, one.language) == ("one", None, None)
    assert (one.selection, one.prefers_source_language) == (TrackSelection(track=1), True)
    assert (two.name, two.language, two.prefers_source_language) == ("Deutsch", "de", False)
    assert two.selection == LanguageSelection(language="deu")
    assert (one.codec, three.codec) == ("aac", "dolby")
    assert (one.bitrate, one.samples_per_second, one.channels) == (96_000, 48_000, 2)


def test_surround_sound_has_six_channels() -> None:
    aac = {"Bitrate": 256000, "SampleRate": 48000, "CodingMode": "CODING_MODE_5_1"}
    (sound,) = template_sounds(
        channel(video(360, 1), audios=[audio(CodecSettings={"AacSettings": aac})])
    )
    assert sound.channels == 6


@pytest.mark.parametrize(
    ("stated", "default"),
    [
        (("OMIT", "OMIT", "OMIT"), 0),
        (("NO", "OMIT", "OMIT"), 1),
        (("NO", "NO", "YES"), 2),
        (("OMIT", "YES", "OMIT"), 1),
    ],
)
def test_one_audio_is_the_default(stated: Sequence[str], default: int) -> None:
    names = ("one", "two", "three")
    outputs = [
        output(audio=name, HlsDefault=value) for name, value in zip(names, stated, strict=True)
    ]
    sounds = template_sounds(
        channel(video(360, 1), audios=[audio(name) for name in names], outputs=outputs)
    )
    assert [one.is_default for one in sounds] == [index == default for index in range(3)]


def test_the_default_may_always_be_selected_automatically() -> None:
    """RFC 8216, 4.3.4.1: if DEFAULT is YES, AUTOSELECT must not be NO."""
    names = ("one", "two", "three")
    outputs = [
        output(audio="one", HlsAutoSelect="NO"),
        output(audio="two", HlsAutoSelect="NO", AudioGroupId="extra"),
    ]
    sounds = template_sounds(
        channel(video(360, 1), audios=[audio(name) for name in names], outputs=outputs)
    )
    assert [one.is_autoselect for one in sounds] == [True, False, True]
    assert [one.group for one in sounds] == [None, "extra", None]


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"CodecSettings": {"Mp2Settings": {}}}, r"two: .* copies PassThroughSettings, not Mp2"),
        ({"CodecSettings": {}}, r"two: .*not no codec"),
        (
            {"AudioSelectorName": "hls"},
            r"hls: .* selector AudioHlsRenditionSelection.*--no-encoder",
        ),
    ],
)
def test_what_the_preview_does_not_know_is_named(described: dict[str, str], message: str) -> None:
    settings = {"AudioHlsRenditionSelection": {"GroupId": "a", "Name": "b"}}
    selectors = [{"Name": "hls", "SelectorSettings": settings}]
    audios = [audio("one"), audio("two", **described)]
    with pytest.raises(NotSupported, match=message):
        template_sounds(channel(video(360, 1), audios=audios, selectors=selectors))
