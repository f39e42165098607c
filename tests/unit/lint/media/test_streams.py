"""MediaPackage's requirements for the streams that it receives."""

from typing import Any

import pytest

from tests.unit.lint.changes import ENCODER, GROUP, Change, drop, h264, put, together
from tests.unit.lint.conftest import FindingsAfter

OUTPUT = f"{GROUP}.Outputs[0]"


def captions(settings: dict[str, Any]) -> Change:
    """Captions from a selector, described with these destination settings."""
    described = {
        "Name": "captions",
        "CaptionSelectorName": "captions",
        "DestinationSettings": settings,
    }
    return together(
        put("Channel", f"{ENCODER}.CaptionDescriptions", [described]),
        put(
            "Channel", "InputAttachments[0].InputSettings.CaptionSelectors", [{"Name": "captions"}]
        ),
    )


def output(**streams: Any) -> Change:
    return put(
        "Channel",
        f"{GROUP}.Outputs[7]",
        {
            "OutputName": "more",
            "OutputSettings": {"MediaPackageOutputSettings": {}},
            **streams,
        },
    )


IN_BAND = captions({"EmbeddedDestinationSettings": {}})
SIDECAR = captions({"WebvttDestinationSettings": {}})


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (output(VideoDescriptionName="video-512x288"), True),
        (output(AudioDescriptionNames=["audio"]), True),
        (output(), False),
        (output(AudioDescriptionNames=[]), False),
        (output(VideoDescriptionName="video-512x288", AudioDescriptionNames=["audio"]), False),
        (output(AudioDescriptionNames=["audio", "audio"]), False),
        (together(SIDECAR, output(CaptionDescriptionNames=["captions"])), True),
        (
            together(
                SIDECAR,
                output(VideoDescriptionName="video-512x288", CaptionDescriptionNames=["captions"]),
            ),
            False,
        ),
        (
            together(
                IN_BAND,
                output(VideoDescriptionName="video-512x288", CaptionDescriptionNames=["captions"]),
            ),
            True,
        ),
        (together(IN_BAND, output(CaptionDescriptionNames=["captions"])), False),
        (output(AudioDescriptionNames={"Ref": "Sounds"}), True),
        (
            output(
                VideoDescriptionName="video-512x288", CaptionDescriptionNames=[{"Ref": "Captions"}]
            ),
            True,
        ),
    ],
)
def test_an_output_to_v2_has_one_stream(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    assert (("Channel", f"{GROUP}.Outputs[7]") not in findings_after(change)) == fits


@pytest.mark.parametrize(
    "path",
    [
        f"{ENCODER}.VideoDescriptions[2].Width",
        f"{ENCODER}.VideoDescriptions[2].Height",
        h264(2, "FramerateControl"),
        h264(2, "FramerateNumerator"),
        h264(2, "FramerateDenominator"),
        h264(2, "ParControl"),
        h264(2, "ParNumerator"),
        h264(2, "ParDenominator"),
    ],
)
def test_size_aspect_and_frame_rate_are_stated(findings_after: FindingsAfter, path: str) -> None:
    assert ("Channel", path) in findings_after(drop("Channel", path))


@pytest.mark.parametrize("name", ["FramerateControl", "ParControl"])
def test_nothing_is_taken_from_the_source(findings_after: FindingsAfter, name: str) -> None:
    change = put("Channel", h264(2, name), "INITIALIZE_FROM_SOURCE")
    assert findings_after(change) == {("Channel", h264(2, name))}
