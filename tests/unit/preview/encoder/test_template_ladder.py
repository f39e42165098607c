"""The ladder of the template's resources."""

from fractions import Fraction

import pytest

from preview.encoder.ladder import Ladder, Rendition, Sound
from preview.encoder.template_ladder import template_ladder
from preview.errors import NotSupported
from tests.preview.encoder.resources import audio, channel, endpoint, output, video


def test_the_ladder_matches_the_template() -> None:
    ladder = template_ladder(
        channel(video(1080, 4_100_000, Profile="HIGH"), video(360, 800_000)), endpoint()
    )
    assert ladder == Ladder(
        renditions=(
            Rendition(width=1920, height=1080, bitrate=4_100_000, profile="HIGH"),
            Rendition(width=640, height=360, bitrate=800_000, profile="MAIN"),
        ),
        sounds=(Sound(bitrate=96_000, samples_per_second=48_000, language=None),),
        frames_per_second=Fraction(30),
        gop_frames=60,
        segment_seconds=4,
        window_seconds=300,
    )


def test_a_gop_size_may_be_in_frames() -> None:
    stated = {"GopSize": 48, "GopSizeUnits": "FRAMES", "FramerateNumerator": 24}
    ladder = template_ladder(channel(video(360, 1, **stated)), endpoint())
    assert ladder.gop_frames == 48
    assert float(ladder.frames_per_second) == 24


def test_a_gop_size_in_seconds_is_rounded_to_frames() -> None:
    rate = {"FramerateNumerator": 30000, "FramerateDenominator": 1001}
    ladder = template_ladder(channel(video(360, 1, **rate)), endpoint())
    assert ladder.gop_frames == 60
    assert ladder.segment_seconds == pytest.approx(4.004)


@pytest.mark.parametrize(("stated", "whole"), [(1, 2), (2, 2), (5, 4), (7, 8), (30, 30)])
def test_segments_are_whole_gops(stated: int, whole: int) -> None:
    assert template_ladder(channel(video(360, 1)), endpoint(stated)).segment_seconds == whole


def test_the_packagers_segments_are_whole_segments_of_the_channel() -> None:
    source = channel(video(360, 1), segment_seconds=4)
    assert template_ladder(source, endpoint(6)).segment_seconds == 8


def test_segments_of_ntsc_rates_are_as_long_as_the_channels() -> None:
    rate = {"FramerateNumerator": 30000, "FramerateDenominator": 1001}
    source = channel(video(360, 1, **rate), segment_seconds=4)
    assert template_ladder(source, endpoint()).segment_seconds == pytest.approx(4.004)


def test_the_window_is_that_of_the_longest_manifest() -> None:
    windows = {"HlsManifests": 60, "DashManifests": 300, "LowLatencyHlsManifests": 120}
    assert template_ladder(channel(video(360, 1)), endpoint(**windows)).window_seconds == 300


@pytest.mark.parametrize(("startover", "kept"), [(0, 300), (60, 300), (400, 400), (7200, 600)])
def test_a_part_of_the_startover_window_is_kept(startover: int, kept: float) -> None:
    served = endpoint()
    served.properties["StartoverWindowSeconds"] = startover
    assert template_ladder(channel(video(360, 1)), served).window_seconds == kept


def test_the_audio_language_is_the_templates() -> None:
    ladder = template_ladder(channel(video(360, 1), audios=[audio(LanguageCode="de")]), endpoint())
    assert ladder.sounds[0].language == "de"


def test_another_codec_is_rejected_by_name() -> None:
    other = {**video(360, 1), "CodecSettings": {"Av1Settings": {}}}
    with pytest.raises(
        NotSupported, match=r"LiveChannel, video-360: .* and AacSettings, .* not Av1Settings\."
    ):
        template_ladder(channel(other), endpoint())


def test_hevc_is_another_codec_of_a_rendition() -> None:
    hevc = video(360, 1)
    hevc["CodecSettings"] = {
        "H265Settings": {**hevc["CodecSettings"]["H264Settings"], "Profile": "MAIN_10BIT"}
    }
    ladder = template_ladder(channel(video(720, 2), hevc), endpoint())
    assert [(one.codec, one.profile) for one in ladder.renditions] == [
        ("h264", "MAIN"),
        ("h265", "MAIN_10BIT"),
    ]


def test_a_video_may_name_its_audio_groups() -> None:
    outputs = [output(video="video-720", AudioRenditionSets="stereo, surround")]
    ladder = template_ladder(channel(video(720, 2), video(360, 1), outputs=outputs), endpoint())
    assert [one.audio_groups for one in ladder.renditions] == [("stereo", "surround"), ()]
