"""Scaling a ladder down."""

from fractions import Fraction

import pytest

from preview.encoder.ladder import Rendition
from tests.preview.encoder.resources import two_rungs


@pytest.mark.parametrize("factor", [0.25, 0.377, 0.5, 0.813, 1])
def test_sizes_scale_by_the_factor_and_bitrates_by_the_area(factor: float) -> None:
    whole = two_rungs()
    scaled = whole.scaled(factor)
    assert len(scaled.renditions) == len(whole.renditions)
    for small, large in zip(scaled.renditions, whole.renditions, strict=True):
        assert small.width % 2 == small.height % 2 == 0
        assert abs(small.width - large.width * factor) <= 1
        assert abs(small.height - large.height * factor) <= 1
        assert small.bitrate == round(large.bitrate * factor**2)
        assert small.profile == large.profile


def test_durations_do_not_change() -> None:
    whole = two_rungs(frames_per_second=Fraction(30000, 1001))
    scaled = whole.scaled(0.5)
    assert scaled.frames_per_second == whole.frames_per_second
    assert scaled.gop_frames == whole.gop_frames
    assert scaled.segment_seconds == whole.segment_seconds
    assert scaled.window_seconds == whole.window_seconds
    assert scaled.sounds == whole.sounds


@pytest.mark.parametrize(("rate", "halved"), [(60, 30), (50, 25), (30, 30), (24, 24)])
def test_high_frame_rates_are_halved_and_gops_keep_their_duration(rate: int, halved: int) -> None:
    scaled = two_rungs(frames_per_second=Fraction(rate), gop_frames=2 * rate).scaled(1)
    assert scaled.frames_per_second == halved
    assert scaled.gop_frames / scaled.frames_per_second == 2


@pytest.mark.parametrize(
    ("heights", "smallest"),
    [((1080, 288), 0.25), ((1080,), 128 / 1080), ((540, 360), 128 / 540), ((90, 60), 1)],
)
def test_renditions_are_never_too_small(heights: tuple[int, ...], smallest: float) -> None:
    renditions = tuple(
        Rendition(width=16, height=height, bitrate=1, profile="MAIN") for height in heights
    )
    assert two_rungs(renditions=renditions).smallest_factor == smallest
