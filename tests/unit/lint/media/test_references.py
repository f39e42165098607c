"""Names in a MediaLive channel."""

from typing import Any

import pytest

from tests.unit.lint.changes import (
    ENCODER,
    GROUP,
    PACKAGE_GROUP,
    Change,
    drop,
    nothing,
    put,
    together,
)
from tests.unit.lint.conftest import FindingsAfter

VIDEO = f"{ENCODER}.VideoDescriptions[0].Name"
AUDIO = f"{ENCODER}.AudioDescriptions[0]"
OUTPUT = f"{GROUP}.Outputs[0]"
SELECTORS = "InputAttachments[0].InputSettings.AudioSelectors"
PARAMETER = {"Ref": "NameFromOutside"}


def channel(path: str, value: Any) -> Change:
    return put("Channel", path, value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (nothing, set()),
        (
            channel(f"{OUTPUT}.VideoDescriptionName", "video-4k"),
            {VIDEO, f"{OUTPUT}.VideoDescriptionName"},
        ),
        (channel(VIDEO, "video-4k"), {VIDEO, f"{OUTPUT}.VideoDescriptionName"}),
        (
            channel(f"{GROUP}.Outputs[6].AudioDescriptionNames", ["sound"]),
            {f"{GROUP}.Outputs[6].AudioDescriptionNames[0]", f"{AUDIO}.Name"},
        ),
        (drop("Channel", f"{GROUP}.Outputs[6]"), {f"{AUDIO}.Name"}),
    ],
)
def test_outputs_and_descriptions_match(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    """An output without description, and a description without output."""
    assert findings_after(change) == {("Channel", path) for path in expected}


@pytest.mark.parametrize(
    "change",
    [
        channel(f"{OUTPUT}.VideoDescriptionName", PARAMETER),
        channel(f"{ENCODER}.VideoDescriptions[0].Name", PARAMETER),
        channel(f"{GROUP}.Outputs[6].AudioDescriptionNames", {"Fn::Split": [",", "a,b"]}),
        channel(f"{ENCODER}.AudioDescriptions", PARAMETER),
        channel(f"{GROUP}.Outputs", PARAMETER),
        channel(f"{ENCODER}.OutputGroups", PARAMETER),
        channel(ENCODER, PARAMETER),
        channel(f"{PACKAGE_GROUP}.Destination", PARAMETER),
        channel("Destinations[0].Id", PARAMETER),
        channel("Destinations", PARAMETER),
        channel(f"{AUDIO}.AudioSelectorName", PARAMETER),
        channel(SELECTORS, PARAMETER),
        channel("InputAttachments", PARAMETER),
    ],
)
def test_a_name_from_outside_may_be_any(findings_after: FindingsAfter, change: Change) -> None:
    assert findings_after(change) == set()


@pytest.mark.parametrize(
    ("change", "repeated"),
    [
        (
            channel(f"{ENCODER}.VideoDescriptions[1].Name", "video-1920x1080"),
            f"{ENCODER}.VideoDescriptions[1].Name",
        ),
        (
            channel(
                f"{ENCODER}.AudioDescriptions[1]", {"Name": "audio", "AudioSelectorName": "default"}
            ),
            f"{ENCODER}.AudioDescriptions[1].Name",
        ),
        (channel(f"{GROUP}.Outputs[1].OutputName", "audio"), f"{GROUP}.Outputs[6].OutputName"),
        (channel("Destinations[1]", {"Id": "packager", "Settings": []}), "Destinations[1].Id"),
        (channel(f"{SELECTORS}[1]", {"Name": "default"}), f"{SELECTORS}[1].Name"),
        (
            channel(
                "InputAttachments[1]", {"InputAttachmentName": "encoder", "InputId": PARAMETER}
            ),
            "InputAttachments[1].InputAttachmentName",
        ),
    ],
)
def test_names_are_unique(findings_after: FindingsAfter, change: Change, repeated: str) -> None:
    assert ("Channel", repeated) in findings_after(change)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (channel(f"{AUDIO}.AudioSelectorName", "english"), {f"{AUDIO}.AudioSelectorName"}),
        (channel(SELECTORS, [{"Name": "english"}]), {f"{AUDIO}.AudioSelectorName"}),
        (
            channel(
                "InputAttachments[1]",
                {
                    "InputAttachmentName": "spare",
                    "InputId": PARAMETER,
                    "InputSettings": {"AudioSelectors": [{"Name": "english"}]},
                },
            ),
            {f"{AUDIO}.AudioSelectorName"},
        ),
        # without selectors the input offers its audio under any name
        (drop("Channel", SELECTORS), set()),
        (channel(SELECTORS, []), set()),
        (
            together(drop("Channel", SELECTORS), channel(f"{AUDIO}.AudioSelectorName", "any")),
            set(),
        ),
    ],
)
def test_audio_comes_from_a_selector_of_every_input(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    assert findings_after(change) == {("Channel", path) for path in expected}


def captions(selector: str, **input_settings: Any) -> Change:
    """Captions in the largest video."""
    described = {
        "Name": "captions",
        "CaptionSelectorName": selector,
        "DestinationSettings": {"EmbeddedDestinationSettings": {}},
    }
    return together(
        channel(f"{ENCODER}.CaptionDescriptions", [described]),
        channel(f"{OUTPUT}.CaptionDescriptionNames", ["captions"]),
        channel("InputAttachments[0].InputSettings", input_settings),
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (captions("embedded", CaptionSelectors=[{"Name": "embedded"}]), set()),
        (captions("teletext", CaptionSelectors=[{"Name": "embedded"}]), {"CaptionSelectorName"}),
        (captions("embedded"), {"CaptionSelectorName"}),
        (captions("embedded", CaptionSelectors=PARAMETER), set()),
    ],
)
def test_captions_need_a_selector(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    prefix = f"{ENCODER}.CaptionDescriptions[0]"
    assert findings_after(change) == {("Channel", f"{prefix}.{name}") for name in expected}


REFERENCE = f"{PACKAGE_GROUP}.Destination.DestinationRefId"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (channel(REFERENCE, "elsewhere"), {REFERENCE, "Destinations[0].Id"}),
        (channel("Destinations[0].Id", "elsewhere"), {REFERENCE, "Destinations[0].Id"}),
        (
            channel("Destinations[1]", {"Id": "spare", "Settings": [{"Url": "s3://bucket/path"}]}),
            {"Destinations[1].Id"},
        ),
    ],
)
def test_groups_write_to_destinations_and_all_are_written_to(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    assert findings_after(change) == {("Channel", path) for path in expected}
