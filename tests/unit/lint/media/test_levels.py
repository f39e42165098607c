"""H.264 levels and the videos that they allow."""

from typing import Any

import pytest
from botocore.model import StringShape

from protected_stream.lint.media.levels import LEVELS
from protected_stream.lint.requests.models import service_model
from tests.unit.lint.changes import ENCODER, Change, h264, put, together
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


def test_every_level_of_medialive_has_limits() -> None:
    level = service_model("medialive").shape_for("H264Level")
    assert isinstance(level, StringShape)
    assert set(level.enum) - LEVELS.keys() == {"H264_LEVEL_AUTO"}
