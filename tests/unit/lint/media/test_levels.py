"""H.264 and H.265 levels and the videos that they allow."""

from typing import Any

import pytest
from botocore.model import StringShape

from protected_stream.lint.levels import H264, H265, Levels
from protected_stream.lint.requests.models import service_model
from tests.unit.lint.changes import ENCODER, Change, h264, h265, hevc, put, together
from tests.unit.lint.conftest import FindingsAfter


def video(level: Any, width: Any, height: Any, **settings: Any) -> Change:
    """The largest rendition with that level, size and settings."""
    description = f"{ENCODER}.VideoDescriptions[0]"
    return together(
        put("Channel", f"{description}.Width", width),
        put("Channel", f"{description}.Height", height),
        *(put("Channel", h264(0, name), value) for name, value in settings.items()),
        put("Channel", h264(0, "Level"), level),
    )


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        # 3,600 macroblocks at 30 fps are 108,000 a second: exactly what level 3.1 allows
        (video("H264_LEVEL_3_1", 1280, 720, MaxBitrate=5_000_000), True),
        (video("H264_LEVEL_3", 1280, 720, MaxBitrate=5_000_000), False),
        (video("H264_LEVEL_4", 1920, 1080), True),
        (video("H264_LEVEL_3_2", 1920, 1080), False),
        (video("H264_LEVEL_4", 1920, 1080, Profile="HIGH", MaxBitrate=25_000_000), True),
        (video("H264_LEVEL_4", 1920, 1080, Profile="HIGH", MaxBitrate=25_000_001), False),
        (video("H264_LEVEL_4", 1920, 1080, Profile="MAIN", MaxBitrate=20_000_001), False),
        (video("H264_LEVEL_AUTO", 3840, 2160), True),
        (video({"Ref": "Level"}, 3840, 2160), True),
        (video("H264_LEVEL_3", {"Ref": "Width"}, 720, Profile={"Ref": "Profile"}), True),
    ],
)
def test_levels_allow_their_video(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    found = findings_after(change)
    assert (("Channel", h264(0, "Level")) in found) == (not fits)


@pytest.mark.parametrize(("level", "fits"), [("H264_LEVEL_4", False), ("H264_LEVEL_4_2", True)])
def test_twice_the_frame_rate_needs_a_higher_level(
    findings_after: FindingsAfter, level: str, fits: bool
) -> None:
    """8,160 macroblocks at 60 fps are 489,600 a second; level 4 allows 245,760."""
    faster = (put("Channel", h264(rung, "FramerateNumerator"), 60) for rung in range(6))
    found = findings_after(together(*faster, video(level, 1920, 1080)))
    assert found == (set() if fits else {("Channel", h264(0, "Level"))})


def hevc_video(level: Any, width: Any, height: Any, **settings: Any) -> Change:
    """The same in H.265."""
    description = f"{ENCODER}.VideoDescriptions[0]"
    return together(
        hevc(0),
        put("Channel", f"{description}.Width", width),
        put("Channel", f"{description}.Height", height),
        *(put("Channel", h265(0, name), value) for name, value in settings.items()),
        put("Channel", h265(0, "Level"), level),
    )


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (hevc_video("H265_LEVEL_4", 1920, 1080), True),
        (hevc_video("H265_LEVEL_3_1", 1920, 1080), False),
        # 4096 x 2160 at 30 fps are 265,420,800 luma samples a second; level 5 allows 267,386,880
        (hevc_video("H265_LEVEL_5", 4096, 2160), True),
        # 1088 lines are 136 blocks of 8, 1084 too
        (hevc_video("H265_LEVEL_4", 2048, 1084), True),
        (hevc_video("H265_LEVEL_4", 2048, 1092), False),
        (hevc_video("H265_LEVEL_4", 1920, 1080, MaxBitrate=12_000_000), True),
        (hevc_video("H265_LEVEL_4", 1920, 1080, MaxBitrate=12_000_001), False),
        (hevc_video("H265_LEVEL_4", 1920, 1080, MaxBitrate=30_000_000, Tier="HIGH"), True),
        (hevc_video("H265_LEVEL_4", 1920, 1080, MaxBitrate=30_000_001, Tier="HIGH"), False),
        (hevc_video("H265_LEVEL_AUTO", 3840, 2160, Tier="HIGH"), True),
        (hevc_video({"Ref": "Level"}, 3840, 2160), True),
    ],
)
def test_hevc_levels_allow_their_video(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    found = findings_after(change)
    assert (("Channel", h265(0, "Level")) in found) == (not fits)


def test_low_hevc_levels_have_no_high_tier(findings_after: FindingsAfter) -> None:
    change = hevc_video("H265_LEVEL_3_1", 640, 360, Tier="HIGH", MaxBitrate=400_000)
    assert ("Channel", h265(0, "Tier")) in findings_after(change)


@pytest.mark.parametrize(("shape", "levels"), [("H264Level", H264), ("H265Level", H265)])
def test_every_level_of_medialive_has_limits(shape: str, levels: Levels) -> None:
    level = service_model("medialive").shape_for(shape)
    assert isinstance(level, StringShape)
    without = [name for name in level.enum if levels.of(name) is None]
    assert without == [f"{levels.prefix}AUTO"]
    assert {levels.name(number) for number in levels.limits} == {*level.enum} - {*without}
