"""Values of a MediaLive channel that exclude or require one another."""

from typing import Any

import pytest

from tests.unit.lint.changes import (
    ENCODER,
    GROUP,
    PACKAGE_GROUP,
    Change,
    drop,
    h264,
    h265,
    hevc,
    put,
    together,
)
from tests.unit.lint.conftest import FindingsAfter

LOCKING = f"{ENCODER}.GlobalConfiguration"
AAC = f"{ENCODER}.AudioDescriptions[0].CodecSettings.AacSettings"


def settings(**values: Any) -> Change:
    """Settings of the largest rendition; None leaves one out."""
    return together(
        *(
            drop("Channel", h264(0, name))
            if value is None
            else put("Channel", h264(0, name), value)
            for name, value in values.items()
        )
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            put("Channel", f"{ENCODER}.VideoDescriptions[0].Width", 1921),
            "VideoDescriptions[0].Width",
        ),
        (
            put("Channel", f"{ENCODER}.VideoDescriptions[5].Height", 287),
            "VideoDescriptions[5].Height",
        ),
    ],
)
def test_frame_sizes_are_even(findings_after: FindingsAfter, change: Change, expected: str) -> None:
    assert findings_after(change) == {("Channel", f"{ENCODER}.{expected}")}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (settings(MaxBitrate=None), {"MaxBitrate"}),
        (settings(QvbrQualityLevel=None, BufSize=None), set()),
        (settings(RateControlMode="CBR"), {"Bitrate"}),
        (settings(RateControlMode="CBR", Bitrate=4_000_000, MaxBitrate=None), set()),
        (settings(RateControlMode="VBR"), {"Bitrate"}),
        (settings(RateControlMode="VBR", Bitrate=4_000_000), set()),
        (settings(RateControlMode="VBR", MaxBitrate=None), {"Bitrate", "MaxBitrate"}),
        (settings(RateControlMode={"Ref": "Mode"}, MaxBitrate=None), set()),
        (settings(MaxBitrate={"Ref": "Bitrate"}), set()),
    ],
)
def test_rate_control_has_its_bitrates(
    findings_after: FindingsAfter, change: Change, missing: set[str]
) -> None:
    assert findings_after(change) == {("Channel", h264(0, name)) for name in missing}


@pytest.mark.parametrize(
    ("profile", "coding", "fits"),
    [
        ("HIGH", "CABAC", True),
        ("HIGH", "CAVLC", False),
        ("HIGH_10BIT", "CAVLC", False),
        ("MAIN", "CABAC", True),
        ("MAIN", "CAVLC", True),
        ("BASELINE", "CAVLC", True),
        ("BASELINE", "CABAC", False),
        ({"Ref": "Profile"}, "CABAC", True),
    ],
)
def test_entropy_coding_fits_the_profile(
    findings_after: FindingsAfter, profile: Any, coding: str, fits: bool
) -> None:
    found = findings_after(settings(Profile=profile, EntropyEncoding=coding))
    assert found == (set() if fits else {("Channel", h264(0, "EntropyEncoding"))})


@pytest.mark.parametrize(
    ("mode", "kind", "fits"),
    [
        ("PIPELINE_LOCKING", "PipelineLockingSettings", True),
        ("EPOCH_LOCKING", "PipelineLockingSettings", False),
        ("DISABLED", "PipelineLockingSettings", False),
        ("EPOCH_LOCKING", "EpochLockingSettings", True),
        ("PIPELINE_LOCKING", "EpochLockingSettings", False),
        ({"Ref": "Mode"}, "PipelineLockingSettings", True),
    ],
)
def test_locking_settings_fit_the_mode(
    findings_after: FindingsAfter, mode: Any, kind: str, fits: bool
) -> None:
    change = together(
        put("Channel", f"{LOCKING}.OutputLockingMode", mode),
        put("Channel", f"{LOCKING}.OutputLockingSettings", {kind: {}}),
    )
    expected = set() if fits else {("Channel", f"{LOCKING}.OutputLockingMode")}
    assert findings_after(change) == expected


def test_video_alignment_needs_its_mode(findings_after: FindingsAfter) -> None:
    path = f"{LOCKING}.OutputLockingMode"
    assert findings_after(drop("Channel", path)) == {("Channel", path)}


@pytest.mark.parametrize(
    ("identifier", "fits"),
    [("packager", True), ("to-packager-2", True), ("to_packager", False), ("-packager", False)],
)
def test_destinations_have_plain_identifiers(
    findings_after: FindingsAfter, identifier: str, fits: bool
) -> None:
    change = together(
        put("Channel", "Destinations[0].Id", identifier),
        put("Channel", f"{PACKAGE_GROUP}.Destination.DestinationRefId", identifier),
    )
    assert findings_after(change) == (set() if fits else {("Channel", "Destinations[0].Id")})


@pytest.mark.parametrize(
    ("name", "fits"), [("video_1080-p", True), ("video 1080", False), ("vidéo", False)]
)
def test_outputs_have_plain_names(findings_after: FindingsAfter, name: str, fits: bool) -> None:
    path = f"{GROUP}.Outputs[0].OutputName"
    found = findings_after(put("Channel", path, name))
    assert found == (set() if fits else {("Channel", path)})


@pytest.mark.parametrize(
    ("mode", "profile", "sample_rate", "bitrate", "wrong"),
    [
        ("CODING_MODE_2_0", "LC", 48_000, 96_000, set()),
        ("CODING_MODE_2_0", "LC", 48_000, 64_000, set()),
        ("CODING_MODE_2_0", "LC", 48_000, 576_000, set()),
        ("CODING_MODE_2_0", "LC", 48_000, 63_999, {"Bitrate"}),
        ("CODING_MODE_2_0", "LC", 48_000, 640_000, {"Bitrate"}),
        ("CODING_MODE_2_0", "LC", 44_100, 512_000, set()),
        ("CODING_MODE_2_0", "LC", 44_100, 576_000, {"Bitrate"}),
        ("CODING_MODE_2_0", "LC", 24_000, 64_000, {"Bitrate"}),
        ("CODING_MODE_2_0", "LC", 11_025, 32_000, {"SampleRate"}),
        ("CODING_MODE_2_0", "LC", 96_000, 1, set()),  # valid, but its bitrates are not known
        ("CODING_MODE_1_0", "LC", 48_000, 56_000, set()),
        ("CODING_MODE_1_0", "LC", 48_000, 320_000, {"Bitrate"}),
        ("CODING_MODE_1_0", "HEV1", 48_000, 64_000, set()),
        ("CODING_MODE_1_0", "HEV1", 48_000, 96_000, {"Bitrate"}),
        ("CODING_MODE_1_0", "HEV2", 48_000, 32_000, {"SampleRate"}),
        ("CODING_MODE_5_1", "LC", 48_000, 1, set()),  # not checked
        ("CODING_MODE_2_0", "LC", {"Ref": "SampleRate"}, 1, set()),
        ("CODING_MODE_2_0", "LC", 48_000, {"Ref": "Bitrate"}, set()),
        ({"Ref": "Mode"}, "LC", 48_000, 1, set()),
    ],
)
def test_aac_bitrates_go_with_sample_rates(
    findings_after: FindingsAfter,
    mode: Any,
    profile: str,
    sample_rate: Any,
    bitrate: Any,
    wrong: set[str],
) -> None:
    sound = {
        "CodingMode": mode,
        "Profile": profile,
        "SampleRate": sample_rate,
        "Bitrate": bitrate,
        "RateControlMode": "CBR",
    }
    assert findings_after(put("Channel", AAC, sound)) == {
        ("Channel", f"{AAC}.{name}") for name in wrong
    }


def test_a_variable_bitrate_is_not_checked(findings_after: FindingsAfter) -> None:
    change = together(
        put("Channel", f"{AAC}.RateControlMode", "VBR"), put("Channel", f"{AAC}.Bitrate", 1)
    )
    assert findings_after(change) == set()


@pytest.mark.parametrize(
    ("lines", "settings", "wrong"),
    [
        (1080, {"GopNumBFrames": 3, "GopBReference": "ENABLED", "SubgopLength": "DYNAMIC"}, set()),
        (1082, {"GopNumBFrames": 2, "GopBReference": "DISABLED", "SubgopLength": "FIXED"}, set()),
        (1082, {"GopNumBFrames": 3}, {"GopNumBFrames"}),
        (1082, {"GopBReference": "ENABLED"}, {"GopBReference"}),
        (1082, {"SubgopLength": "DYNAMIC"}, {"SubgopLength"}),
        (1082, {"GopNumBFrames": {"Ref": "Frames"}}, set()),
    ],
)
def test_large_hevc_has_few_b_frames(
    findings_after: FindingsAfter, lines: int, settings: dict[str, Any], wrong: set[str]
) -> None:
    changes = (put("Channel", h265(0, name), value) for name, value in settings.items())
    without = drop("Channel", h265(0, "GopNumBFrames"))
    taller = put("Channel", f"{ENCODER}.VideoDescriptions[0].Height", lines)
    found = findings_after(together(hevc(0), without, taller, *changes))
    assert found == {("Channel", h265(0, name)) for name in wrong}
