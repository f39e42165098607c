"""Frame rates, GOPs and segments."""

from typing import Any

import pytest

from tests.unit.lint.changes import PACKAGE_GROUP, Change, drop, h264, put, together
from tests.unit.lint.conftest import FindingsAfter
from tests.unit.lint.example_stream import LADDER

SEGMENT = f"{PACKAGE_GROUP}.MediapackageV2GroupSettings"


def every_rung(**settings: Any) -> Change:
    return together(
        *(
            put("Channel", h264(rung, name), value)
            for rung in range(len(LADDER))
            for name, value in settings.items()
        )
    )


def segment(length: int, units: str = "SECONDS") -> Change:
    return together(
        put("Channel", f"{SEGMENT}.SegmentLength", length),
        put("Channel", f"{SEGMENT}.SegmentLengthUnits", units),
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("Channel", h264(3, "FramerateNumerator"), 25), {h264(3, "FramerateNumerator")}),
        (put("Channel", h264(3, "FramerateDenominator"), 2), {h264(3, "FramerateNumerator")}),
        (put("Channel", h264(3, "GopSize"), 1), {h264(3, "GopSize")}),
        (drop("Channel", h264(3, "GopSize")), {h264(3, "GopSize")}),
        # the same, written differently
        (
            together(
                put("Channel", h264(3, "FramerateNumerator"), 60),
                put("Channel", h264(3, "FramerateDenominator"), 2),
            ),
            set(),
        ),
        (
            together(
                put("Channel", h264(3, "GopSize"), 60),
                put("Channel", h264(3, "GopSizeUnits"), "FRAMES"),
            ),
            set(),
        ),
        # known only at deployment
        (put("Channel", h264(3, "FramerateNumerator"), {"Ref": "FrameRate"}), set()),
        (put("Channel", h264(3, "GopSize"), {"Ref": "GopSeconds"}), set()),
    ],
)
def test_renditions_are_in_step(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    assert findings_after(change) == {("Channel", path) for path in expected}


@pytest.mark.parametrize("cadence", [0, 2])
def test_gops_are_closed(findings_after: FindingsAfter, cadence: int) -> None:
    change = put("Channel", h264(1, "GopClosedCadence"), cadence)
    assert findings_after(change) == {("Channel", h264(1, "GopClosedCadence"))}


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (segment(4), True),
        (segment(2000, "MILLISECONDS"), True),
        (segment(3), False),
        (segment(1), False),
        (segment(1500, "MILLISECONDS"), False),
        (every_rung(GopSize=1), True),
        (every_rung(GopSize=0.5), True),
        (every_rung(GopSize=0.1), True),
        (every_rung(GopSize=1.5), False),
        (every_rung(GopSize=60, GopSizeUnits="FRAMES"), True),
        (every_rung(GopSize=50, GopSizeUnits="FRAMES"), False),
        # at 29.97 frames per second, 60 frames take 2.002 seconds
        (
            every_rung(
                FramerateNumerator=30000,
                FramerateDenominator=1001,
                GopSize=60,
                GopSizeUnits="FRAMES",
            ),
            False,
        ),
        (put("Channel", f"{SEGMENT}.SegmentLength", {"Ref": "Seconds"}), True),
        (drop("Channel", SEGMENT), True),
    ],
)
def test_a_segment_has_whole_gops(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    wrong = {("Channel", h264(rung, "GopSize")) for rung in range(len(LADDER))}
    assert findings_after(change) & wrong == (set() if fits else wrong)
