"""Captions of the template."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from preview.encoder.ladder import Captions
from preview.encoder.source import Footage
from preview.encoder.template_captions import caption_notes
from preview.encoder.template_ladder import template_ladder
from preview.resource import Resource
from tests.preview.encoder.resources import channel, endpoint, output, video

LANGUAGES = [
    {"CaptionChannel": 1, "LanguageCode": "eng", "LanguageDescription": "English"},
    {"CaptionChannel": 3, "LanguageCode": "deu", "LanguageDescription": "Deutsch"},
]
FILM = Footage(path=Path("/films/a.mp4"), has_captions=True, frames_per_second=Fraction(30))


def captioned(kind: str, *videos: dict[str, Any]) -> Resource:
    """A channel with captions of that kind in the output of its first video."""
    videos = videos or (video(360, 1), video(180, 1))
    return channel(
        *videos,
        captions=[{"Name": "cc", "DestinationSettings": {f"{kind}DestinationSettings": {}}}],
        languages=LANGUAGES,
        outputs=[
            {**output(video=videos[0]["Name"]), "CaptionDescriptionNames": ["cc"]},
            output(video=videos[-1]["Name"]),
        ],
    )


def notes(source: Resource, footage: Footage | None = FILM) -> list[str]:
    return list(caption_notes(source, template_ladder(source, endpoint()), footage))


def test_embedded_captions_have_channels_and_languages() -> None:
    ladder = template_ladder(captioned("Embedded"), endpoint())
    assert ladder.captions == (
        Captions(channel=1, language="eng", name="English"),
        Captions(channel=3, language="deu", name="Deutsch"),
    )
    assert [one.has_captions for one in ladder.renditions] == [True, False]
    assert notes(captioned("Embedded")) == []


@pytest.mark.parametrize("kind", ["Webvtt", "Ttml", "Teletext"])
def test_captions_that_are_not_embedded_are_left_out_and_the_operator_is_told(kind: str) -> None:
    ladder = template_ladder(captioned(kind), endpoint())
    assert ladder.captions == ()
    assert not any(one.has_captions for one in ladder.renditions)
    (note,) = notes(captioned(kind))
    assert note.startswith(f"captions cc ({kind}DestinationSettings) are left out")


@pytest.mark.parametrize(
    ("footage", "note"),
    [
        (None, "captions the test pattern has none"),
        (replace(FILM, has_captions=False), "captions the source's first pictures have no"),
        (replace(FILM, frames_per_second=Fraction(25)), "captions the source has 25 frames .* 30:"),
    ],
)
def test_the_operator_is_told_why_captions_may_be_missing(
    footage: Footage | None, note: str
) -> None:
    (found,) = notes(captioned("Embedded"), footage)
    assert re.match(note, found)


def test_the_operator_is_told_that_hevc_has_no_captions_here() -> None:
    hevc = video(360, 1)
    hevc["CodecSettings"] = {"H265Settings": hevc["CodecSettings"]["H264Settings"]}
    (note,) = notes(captioned("Embedded", hevc))
    assert note.startswith("captions only H.264 renditions have them")


def test_no_frames_are_dropped_with_captions_in_them() -> None:
    fast = video(360, 1, FramerateNumerator=60)
    ladder = template_ladder(captioned("Embedded", fast), endpoint())
    assert ladder.scaled(0.5).frames_per_second == 60
    plain = template_ladder(channel(fast), endpoint())
    assert plain.scaled(0.5).frames_per_second == 30
