"""MediaPackage v2 manifest queries: their syntax, and queries that are rejected with 400."""

import pytest

from preview.services.manifest_query import BadQuery, ManifestQuery, manifest_query

NOON = 1_790_251_200.0  # 2026-09-24T12:00:00Z


@pytest.mark.parametrize("query", ["", "_HLS_skip=YES", "start=1790251200&end=1", "a&b=&=c"])
def test_other_parameters_are_ignored(query: str) -> None:
    """Also those of MediaPackage v1, which are not in the namespace aws.manifestsettings."""
    assert manifest_query(query) == ManifestQuery()


def test_a_low_latency_player_names_the_segment_that_it_waits_for() -> None:
    assert manifest_query("_HLS_msn=273&_HLS_part=2").sequence == 273


@pytest.mark.parametrize("query", ["_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=1&_HLS_msn=2"])
def test_a_segment_that_is_no_number_is_rejected(query: str) -> None:
    with pytest.raises(BadQuery):
        manifest_query(query)


@pytest.mark.parametrize(
    "text",
    [
        "start:1790251200",
        "start%3A1790251200",
        "START:1790251200",
        "start:2026-09-24T12:00:00Z",
        "start%3A2026-09-24T12%3A00%3A00Z",
        "start:2026-09-24T14:00:00%2B02:00",
        "start:2026-09-24T12:00:00",
    ],
)
def test_a_time_is_in_epoch_seconds_or_iso_8601(text: str) -> None:
    assert manifest_query(f"AWS.ManifestSettings={text}").start == NOON


def test_all_settings_together_are_url_encoded() -> None:
    query = (
        "aws.manifestsettings=start%3A1790251200%3Bend%3A1790251260%3Btime_delay%3A20"
        "%3Bmanifest_window_seconds%3A40"
    )
    asked = manifest_query(query)
    assert (asked.start, asked.end, asked.delay, asked.window) == (NOON, NOON + 60, 20, 40)
    assert asked.settings == query


def test_after_a_semicolon_that_is_not_encoded_nothing_is_processed() -> None:
    asked = manifest_query("aws.manifestsettings=start:1790251200;end:1790251260")
    assert (asked.start, asked.end) == (NOON, None)


@pytest.mark.parametrize(
    ("filters", "traits", "passes"),
    [
        ("video_height:240-360,720", {"video_height": 360}, True),
        ("video_height:240-360,720", {"video_height": 720}, True),
        ("video_height:240-360,720", {"video_height": 480}, False),
        ("video_framerate:23.976-30", {"video_framerate": 30.0}, True),
        ("video_framerate:23.976-29.97", {"video_framerate": 30.0}, False),
        ("video_codec:H264,h265", {"video_codec": "h264"}, True),
        ("audio_language:de%3Bvideo_height:1-2", {"audio_language": "en"}, False),
        ("audio_language:de", {"video_height": 720}, True),
    ],
)
def test_filters(filters: str, traits: dict[str, str | float], passes: bool) -> None:
    assert manifest_query(f"aws.manifestfilter={filters}").takes(traits) is passes


@pytest.mark.parametrize(
    "query",
    [
        "aws.manifestfilter=donut_type:rhododendron",
        "aws.manifestfilter=audio_sample_rate:300-0",
        "aws.manifestfilter=audio_sample_rate:0-2147483648",
        "aws.manifestfilter=audio_sample_rate:is:0-44100",
        "aws.manifestfilter=audio_sample_rate:0-1%3Baudio_sample_rate:0-1",
        "aws.manifestfilter=video_height:1-2&aws.manifestfilter=video_bitrate:0-1",
        f"aws.manifestfilter=audio_language:{'a' * 1024}",
        "aws.manifestfilter=video_codec:vp9",
        "aws.manifestfilter=",
        "aws.manifestfilter",
        "aws.manifestsettings=begin:1790251200",
        "aws.manifestsettings=start:noon",
        "aws.manifestsettings=start",
        "aws.manifestsettings=time_delay:-1",
        "aws.manifestsettings=manifest_window_seconds:1.5",
        "aws.manifestsettings=start:1790251200%3Bend:1790251200",
    ],
)
def test_a_malformed_query_is_rejected(query: str) -> None:
    with pytest.raises(BadQuery):
        manifest_query(query)
