"""AWS cost of the stream."""

from collections.abc import Callable
from typing import Any

import pytest

from protected_stream.reading.cost import MEDIALIVE, cost
from tests.conftest import Document


def test_an_hour_on_air_is_the_sum_of_its_parts(default: Document) -> None:
    """One input, four SD and two HD outputs, both pipelines into the packager.

    The first three are $3.114, as in the AWS solution's guide for the same ladder.
    """
    gigabytes = (4.1 + 2.7 + 1.8 + 1.2 + 0.8 + 0.4) / 8 * 3.6
    expected = 0.294 + 4 * 0.354 + 2 * 0.702 + 2 * gigabytes * 0.03
    assert cost(default).on_air_hour == pytest.approx(expected)


def test_a_smaller_ladder_costs_less(template_of: Callable[..., Document]) -> None:
    ladders = ("HD-1080p", "HD-720p", "SD-540p")
    hours = [cost(template_of(encoding={"ladder": name})).on_air_hour for name in ladders]
    assert hours == sorted(hours, reverse=True)
    assert len(set(hours)) == 3


def test_an_idle_stream_pays_for_its_secret(default: Document) -> None:
    assert cost(default).idle_month == pytest.approx(0.40)


def test_a_viewer_takes_the_largest_rendition(default: Document) -> None:
    assert cost(default).viewer_hour == pytest.approx(4.1 / 8 * 3.6 * 0.085)


def test_every_output_of_the_default_has_a_price_but_the_audio(default: Document) -> None:
    assert cost(default).on_air_without == ("1 audio output",)


def test_the_default_costs_what_it_did(default: Document) -> None:
    found = cost(default)
    assert (round(found.on_air_hour, 2), round(found.viewer_hour, 2)) == (3.41, 0.16)


@pytest.mark.parametrize(
    ("encoding", "without"),
    [
        ({"frame_rate": 29.97}, ()),
        (
            {"frame_rate": 50},
            (
                "2 AVC HD outputs of up to 60 fps and 10 Mbit/s",
                "4 AVC SD outputs of up to 60 fps and 10 Mbit/s",
            ),
        ),
        (
            {"ladder": "UHD-2160p"},
            (
                "the AVC UHD input of up to 50 Mbit/s",
                "1 HEVC UHD output of up to 30 fps and 20 Mbit/s",
                "1 HEVC UHD output of up to 30 fps and 10 Mbit/s",
                "2 HEVC HD outputs of up to 30 fps and 10 Mbit/s",
                "1 HEVC SD output of up to 30 fps and 10 Mbit/s",
            ),
        ),
        (
            {"renditions": [{"width": 1280, "height": 720, "bitrate": 10_000_001}]},
            ("1 AVC HD output of up to 30 fps and 20 Mbit/s",),
        ),
        (
            {"renditions": [{"width": 1280, "height": 1082, "bitrate": 20_000_001}]},
            (
                "the AVC UHD input of up to 50 Mbit/s",
                "1 AVC UHD output of up to 30 fps and 50 Mbit/s",
            ),
        ),
        ({"source_codec": "mpeg2"}, ("the MPEG2 HD input of up to 20 Mbit/s",)),
    ],
)
def test_what_has_no_published_price_is_named_and_left_out(
    template_of: Callable[..., Document], encoding: dict[str, Any], without: tuple[str, ...]
) -> None:
    template = template_of(ingest={"type": "rtp-push"}, encoding=encoding)
    assert cost(template).on_air_without == (*without, "1 audio output")


def test_audios_and_tracks_of_captions_are_outputs(template_of: Callable[..., Document]) -> None:
    encoding = {
        "ladder": "SD-360p",
        "audio": [{"language": "en", "dolby": True}],
        "captions": [{"language": "eng"}, {"language": "eng", "form": "track"}],
    }
    template = template_of(ingest={"type": "rtp-push"}, encoding=encoding)
    assert cost(template).on_air_without == ("2 audio outputs", "1 caption output")


def test_the_priced_part_is_still_counted(template_of: Callable[..., Document]) -> None:
    """Without outputs, the input and what the packager takes remain."""
    hour = cost(template_of(encoding={"frame_rate": 60})).on_air_hour
    gigabytes = (4.1 + 2.7 + 1.8 + 1.2 + 0.8 + 0.4) / 8 * 3.6
    assert hour == pytest.approx(0.294 + 2 * gigabytes * 0.03)


def test_each_channel_class_has_prices_of_the_same_classes() -> None:
    standard, single = MEDIALIVE["STANDARD"], MEDIALIVE["SINGLE_PIPELINE"]
    assert (standard.inputs.keys(), standard.outputs.keys()) == (
        single.inputs.keys(),
        single.outputs.keys(),
    )
