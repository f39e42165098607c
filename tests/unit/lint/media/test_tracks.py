"""How many tracks MediaPackage v2 takes, and which audio and captions players begin with."""

from typing import Any

import pytest

from tests.unit.lint.changes import (
    ENCODER,
    GROUP,
    PACKAGE_GROUP,
    Change,
    another_audio,
    put,
    together,
)
from tests.unit.lint.conftest import FindingsAfter

MAPPINGS = f"{PACKAGE_GROUP}.MediapackageV2GroupSettings.CaptionLanguageMappings"
SETTINGS = "OutputSettings.MediaPackageOutputSettings.MediaPackageV2DestinationSettings"


def captions_inside(channels: Any) -> Change:
    """Embedded captions in the largest rendition, and the languages of their channels."""
    described = {
        "Name": "captions",
        "CaptionSelectorName": "captions",
        "DestinationSettings": {"EmbeddedDestinationSettings": {}},
    }
    selectors = "InputAttachments[0].InputSettings.CaptionSelectors"
    return together(
        put("Channel", f"{ENCODER}.CaptionDescriptions", [described]),
        put("Channel", selectors, [{"Name": "captions"}]),
        put("Channel", f"{GROUP}.Outputs[0].CaptionDescriptionNames", ["captions"]),
        put("Channel", MAPPINGS, channels),
    )


def mapping(channel: Any) -> dict[str, Any]:
    return {"CaptionChannel": channel, "LanguageCode": "eng", "LanguageDescription": "English"}


@pytest.mark.parametrize(("more", "fits"), [(3, True), (4, False)])
def test_six_renditions_leave_room_for_four_audios(
    findings_after: FindingsAfter, more: int, fits: bool
) -> None:
    found = findings_after(together(*(another_audio(number) for number in range(more))))
    assert found == (set() if fits else {("Channel", f"{GROUP}.Outputs")})


def test_captions_inside_the_video_are_not_counted(findings_after: FindingsAfter) -> None:
    audios = together(*(another_audio(number) for number in range(3)))
    assert findings_after(together(audios, captions_inside([mapping(1)]))) == set()


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        ({"HlsDefault": "YES"}, {"HlsDefault": "NO"}, None),
        ({"HlsDefault": "YES"}, {"HlsDefault": "YES"}, (8, "HlsDefault")),
        ({"HlsAutoSelect": "YES"}, {"HlsAutoSelect": "YES"}, (8, "HlsAutoSelect")),
        ({"HlsDefault": "NO"}, {"HlsDefault": "NO"}, None),
        ({"HlsDefault": "OMIT"}, {}, None),
        ({"HlsDefault": {"Ref": "Default"}}, {"HlsDefault": "YES"}, None),
    ],
)
def test_one_audio_at_most_is_the_default(
    findings_after: FindingsAfter,
    first: dict[str, Any],
    second: dict[str, Any],
    wrong: tuple[int, str] | None,
) -> None:
    found = findings_after(together(another_audio(0, **first), another_audio(1, **second)))
    paths = {f"{GROUP}.Outputs[{wrong[0]}].{SETTINGS}.{wrong[1]}"} if wrong else set()
    assert found == {("Channel", path) for path in paths}


def test_some_audio_may_be_the_default(findings_after: FindingsAfter) -> None:
    package = {"MediaPackageV2DestinationSettings": {"HlsDefault": "NO"}}
    path = f"{GROUP}.Outputs[6].OutputSettings.MediaPackageOutputSettings"
    found = findings_after(put("Channel", path, package))
    assert found == {("Channel", f"{GROUP}.Outputs[6].{SETTINGS}.HlsDefault")}


@pytest.mark.parametrize(
    ("channels", "wrong"),
    [
        ([mapping(1), mapping(2), mapping(3), mapping(4)], set()),
        ([mapping(1), mapping(1)], {f"{MAPPINGS}[1].CaptionChannel"}),
        ([mapping({"Ref": "One"}), mapping({"Ref": "Other"})], set()),
        ([], set()),
    ],
)
def test_a_caption_channel_has_one_language(
    findings_after: FindingsAfter, channels: Any, wrong: set[str]
) -> None:
    found = findings_after(captions_inside(channels))
    assert found == {("Channel", path) for path in wrong}


def test_languages_of_captions_need_captions(findings_after: FindingsAfter) -> None:
    assert findings_after(put("Channel", MAPPINGS, [mapping(1)])) == {("Channel", MAPPINGS)}
