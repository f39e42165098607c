"""AWS cost of the stream."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from protected_stream import Stream, assemble
from protected_stream.config import load
from protected_stream.errors import BuildError
from protected_stream.reading.charges import charges
from protected_stream.reading.cost import Usage, cost, estimate
from protected_stream.reading.prices import PRICES, PUBLISHED, with_yours
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document


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
    """And requests four objects for every segment of four seconds, at $1 a million."""
    data, requests = 4.1 / 8 * 3.6 * 0.085, 3600 / 1e6
    assert cost(default).viewer_hour == pytest.approx(data + requests, abs=1e-5)


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
    standard, single = (
        {key.split(".", 2)[2] for key in PRICES if key.startswith(f"medialive.{name}.")}
        for name in ("standard", "single-pipeline")
    )
    assert standard == single


def test_a_show_is_the_hours_and_viewer_hours_of_the_summary(default: Document) -> None:
    """One computation: besides them, what is paid once watched, and for each arrival."""
    found = cost(default)
    show = estimate(default, Usage(hours=2, viewers=200)).show_dollars
    origination = 2 * (4.1 + 2.7 + 1.8 + 1.2 + 0.8 + 0.4) / 8 * 3.6 * 0.05
    rest = show - 2 * found.on_air_hour - 400 * found.viewer_hour - origination
    assert 0 < rest < 200 * 0.001


def test_a_month_without_shows_is_the_idle_month_of_the_summary(any_stream: Stream) -> None:
    template = document(assemble(any_stream))
    month = estimate(template, Usage(shows=0)).month_dollars
    assert month == pytest.approx(cost(template).idle_month)


def test_a_show_that_nobody_watches_costs_its_hours(any_stream: Stream) -> None:
    template = document(assemble(any_stream))
    show = estimate(template, Usage(hours=3)).show_dollars
    assert show == pytest.approx(3 * cost(template).on_air_hour)


def test_every_charge_has_a_price_or_is_of_a_class_without_one(any_stream: Stream) -> None:
    for one in charges(document(assemble(any_stream)), megabits=4):
        assert one.key in PRICES or one.key.startswith("medialive."), one


def test_large_months_are_cheaper_and_an_account_has_some_free(default: Document) -> None:
    """10 TB at $0.085, 40 TB at $0.080, 2 TB at $0.060; the first terabyte is free."""
    assert PUBLISHED.in_a_month("cloudfront.data", 52_000) == pytest.approx(850 + 3_200 + 120)
    assert PUBLISHED.free("cloudfront.data", 52_000) == pytest.approx(85)
    few, many = (
        estimate(default, Usage(hours=2, viewers=count, shows=4)) for count in (10, 10_000)
    )
    data = [line for line in many.month if line.what == "lower prices of large quantities"]
    assert len(data) == 1
    assert data[0].dollars < 0
    assert not [line for line in few.month if line.what == "lower prices of large quantities"]


def test_prices_of_yours_have_no_tiers_and_nothing_free(default: Document) -> None:
    yours = with_yours("[cloudfront]\ndata = 0.02\n[medialive.idle]\nchannel = 0.01\n")
    assert yours.in_a_month("cloudfront.data", 52_000) == pytest.approx(1_040)
    assert yours.free("cloudfront.data", 52_000) == 0
    published, found = (
        estimate(default, Usage(hours=10), prices).month_dollars for prices in (PUBLISHED, yours)
    )
    assert found - published == pytest.approx(720 * 0.01)
    assert not [one for one in cost(default, yours).idle_without if one == "channel"]


def test_a_class_without_a_published_price_can_have_yours(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(encoding={"frame_rate": 50})
    yours = with_yours("[medialive.standard.output]\navc-sd-60-10 = 1\navc-hd-60-10 = 2\n")
    more = cost(template, yours).on_air_hour - cost(template).on_air_hour
    assert more == pytest.approx(4 * 1 + 2 * 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[cloudfront]\ndate = 1", "cloudfront.date: there is no such price; did you mean"),
        ("[x]\ny = 1", "x.y: there is no such price"),
        ("[kms]\nkey = -1", "kms.key: must be a number of US dollars, 0 or more, not -1."),
        ("[kms]\nkey = nan", "kms.key: must be a number of US dollars"),
        ("[kms]\nkey = true", "kms.key: must be a number of US dollars"),
        ("[kms", "it is not TOML"),
    ],
)
def test_a_wrong_file_of_prices_is_refused(text: str, says: str) -> None:
    with pytest.raises(BuildError, match=re.escape(says)):
        with_yours(text)


@pytest.mark.parametrize(
    ("changes", "services"),
    [
        ({}, {"Cognito", "Secrets Manager"}),
        ({"signing": {"mode": "kms"}}, {"Cognito", "KMS"}),
        (
            {"region": "us-east-1", "delivery": {"web_acl": "managed"}},
            {"Cognito", "Secrets Manager", "WAF"},
        ),
    ],
)
def test_a_month_names_each_service_that_charges(
    template_of: Callable[..., Document], changes: dict[str, Any], services: set[str]
) -> None:
    always = {"MediaLive", "MediaPackage", "CloudFront", "API Gateway", "Lambda", "CloudWatch Logs"}
    month = estimate(template_of(**changes), Usage(viewers=10)).month
    assert {line.service for line in month} == always | services


def test_a_stream_on_the_air_already_needs_a_bitrate() -> None:
    template = document(assemble(load(STREAMS["existing-s3"])))
    known = estimate(template, Usage(viewers=100, megabits=4))
    assert known.gigabytes == pytest.approx(100 * 4 / 8 * 3.6 + 0.1)
    assert estimate(template, Usage(viewers=100)).gigabytes == pytest.approx(0.1)
