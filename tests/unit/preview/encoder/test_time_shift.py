"""Manifests for queries: time-shifted viewing and filters, in HLS and DASH."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from preview.encoder import packager
from preview.encoder.encoder import Encoder
from preview.encoder.ffmpeg import MANIFEST
from preview.encoder.packager import packaged
from preview.resource import Resource
from preview.services.manifest_query import BadQuery
from tests.preview.encoder.resources import ORIGIN, endpoint, mpd, parsed, timeline, two_rungs

DASH = "{urn:mpeg:dash:schema:mpd:2011}"
FIRST = ORIGIN + 1000
"""When the first segment begins; there are 30 of 4 seconds."""
NOW = FIRST + 121
THIRTY = '<S t="1000000" d="4000" r="29"/>'


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An encoder with 120 seconds of video in two renditions, scaled down to a half."""
    text = mpd(THIRTY, THIRTY).replace(
        '<S t="47998976" d="192512" r="1"/><S d="143360"/>', '<S t="48000000" d="192000" r="29"/>'
    )
    (tmp_path / MANIFEST).write_text(text)
    (tmp_path / "s_0_1.m4s").write_text("media")
    monkeypatch.setattr(packager, "time", SimpleNamespace(time=lambda: NOW))
    made = SimpleNamespace(
        folder=tmp_path, ladder=two_rungs().scaled(0.5), stated=two_rungs(), timeline=timeline()
    )
    made.file = lambda name: Encoder.file(made, name)  # type: ignore[arg-type]
    return made


def served(window: int = 40, startover: int = 3600) -> Resource:
    """An endpoint; both windows are in seconds."""
    made = endpoint(HlsManifests=window, DashManifests=window)
    made.properties["StartoverWindowSeconds"] = startover
    return made


def hls(encoder: Any, settings: str = "", made: Resource | None = None) -> str | None:
    """The largest rendition's playlist."""
    query = f"?aws.manifestsettings={settings}" if settings else ""
    body = packaged(made or served(), encoder, f"index_0.m3u8{query}")
    return None if body is None else body.decode()


def numbers(playlist: str | None) -> list[int]:
    """The segments in a playlist."""
    return [int(number) for number in re.findall(r"s_0_(\d+)\.m4s", playlist or "")]


def dash(encoder: Any, query: str, made: Resource | None = None) -> Any:
    """The MPD; None for a 404."""
    body = packaged(made or served(), encoder, f"index.mpd?{query}")
    return None if body is None else parsed(body)


def dash_numbers(root: Any) -> list[list[int]]:
    """The segments in an MPD, for each track."""
    found = []
    for template in root.iter(f"{DASH}SegmentTemplate"):
        first = int(template.attrib["startNumber"])
        count = sum(int(one.get("r", 0)) + 1 for one in template.iter(f"{DASH}S"))
        found.append([*range(first, first + count)])
    return found


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ("", range(21, 31)),
        ("manifest_window_seconds:20", range(26, 31)),
        ("manifest_window_seconds:4000", range(21, 31)),
        ("time_delay:20", range(16, 26)),
        (f"start:{FIRST + 8:.0f}", range(3, 31)),
        (f"start:{FIRST + 9:.0f}", range(3, 31)),
        ("start:2024-01-01T00:16:48Z", range(3, 31)),
        (f"start:{FIRST - 600:.0f}", range(1, 31)),
        (f"end:{FIRST + 80:.0f}", range(11, 21)),
        (f"start:{FIRST + 8:.0f}%3Bend:{FIRST + 20:.0f}", range(3, 6)),
        (f"start:{FIRST + 8:.0f}%3Btime_delay:101", range(3, 6)),
        (f"start:{FIRST + 80:.0f}%3Bend:{NOW + 600:.0f}", range(21, 31)),
    ],
)
def test_a_time_shifted_manifest_has_the_segments_of_that_time(
    encoder: Any, settings: str, shown: range
) -> None:
    assert numbers(hls(encoder, settings)) == [*shown]
    root = dash(encoder, f"aws.manifestsettings={settings}" if settings else "")
    assert dash_numbers(root) == [[*shown]] * 3


@pytest.mark.parametrize(
    ("startover", "settings"),
    [
        (0, f"start:{FIRST + 100:.0f}"),
        (0, f"end:{FIRST + 100:.0f}"),
        (60, f"start:{FIRST + 8:.0f}"),
        (60, f"end:{FIRST + 8:.0f}"),
        (3600, f"start:{NOW + 1:.0f}"),
        (3600, "time_delay:3000"),
        (3600, f"start:{FIRST - 60:.0f}%3Bend:{FIRST - 1:.0f}"),
    ],
)
def test_what_is_outside_the_startover_window_does_not_exist(
    encoder: Any, startover: int, settings: str
) -> None:
    made = served(startover=startover)
    assert hls(encoder, settings, made) is None
    assert packaged(made, encoder, f"index.m3u8?aws.manifestsettings={settings}") is None
    assert dash(encoder, f"aws.manifestsettings={settings}", made) is None


@pytest.mark.parametrize(("startover", "delay"), [(60, 61), (0, 86_401)])
def test_a_delay_beyond_the_startover_window_is_rejected(
    encoder: Any, startover: int, delay: int
) -> None:
    with pytest.raises(BadQuery):
        hls(encoder, f"time_delay:{delay}", served(startover=startover))


def test_a_playlist_tells_whether_it_grows(encoder: Any) -> None:
    grows = hls(encoder, f"start:{FIRST + 8:.0f}") or ""
    ended = hls(encoder, f"start:{FIRST + 8:.0f}%3Bend:{FIRST + 20:.0f}") or ""
    assert "#EXT-X-PLAYLIST-TYPE:EVENT\n" in grows
    assert "#EXT-X-MEDIA-SEQUENCE:253\n" in grows
    assert "#EXT-X-ENDLIST" not in grows
    assert "#EXT-X-PLAYLIST-TYPE:VOD\n" in ended
    assert ended.endswith("\n#EXT-X-ENDLIST\n")
    assert "#EXT-X-PLAYLIST-TYPE" not in (hls(encoder) or "")


def test_an_mpd_tells_whether_it_grows(encoder: Any) -> None:
    start = f"aws.manifestsettings=start:{FIRST + 8:.0f}"
    grows = dash(encoder, start)
    assert (grows.get("type"), grows.get("timeShiftBufferDepth")) == ("dynamic", "PT113.000S")
    ended = dash(encoder, f"{start}%3Bend:{FIRST + 20:.0f}")
    assert (ended.get("type"), ended.get("mediaPresentationDuration")) == ("static", "PT12.000S")
    assert ended.get("availabilityStartTime") is None
    assert ended[0].get("start") == "PT0S"
    template = next(ended.iter(f"{DASH}SegmentTemplate"))
    assert template.get("presentationTimeOffset") == "1008000"


def test_a_delayed_mpd_keeps_players_behind_the_newest_segments(encoder: Any) -> None:
    assert dash(encoder, "aws.manifestsettings=time_delay:20").get(
        "suggestedPresentationDelay"
    ) == ("PT20S")


def test_media_playlists_have_the_query_of_their_manifest(encoder: Any) -> None:
    query = f"aws.manifestsettings=start%3A{FIRST + 8:.0f}"
    playlist = (packaged(served(), encoder, f"index.m3u8?{query}") or b"").decode()
    assert f'URI="index_2.m3u8?{query}"' in playlist
    assert f"\nindex_0.m3u8?{query}\n" in playlist


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ("video_height:90", ["1", "2"]),
        ("video_height:91-180", ["0", "2"]),
        ("video_bitrate:0-100000", ["1", "2"]),
        ("video_height:1-2", ["2"]),
        ("audio_language:fr", ["0", "1"]),
        ("audio_codec:aacl%3Bvideo_codec:h264", ["0", "1", "2"]),
        ("video_height:180%3Baudio_sample_rate:0-44100", ["0"]),
    ],
)
def test_filters_apply_to_the_templates_renditions(
    encoder: Any, filters: str, kept: list[str]
) -> None:
    """Not to the scaled ones."""
    query = f"aws.manifestfilter={filters}"
    playlist = (packaged(served(), encoder, f"index.m3u8?{query}") or b"").decode()
    assert sorted(re.findall(r"index_(\d)\.m3u8", playlist)) == kept
    root = dash(encoder, query)
    assert [one.get("id") for one in root.iter(f"{DASH}Representation")] == kept
    groups = [*root.iter(f"{DASH}AdaptationSet")]
    assert all(group.find(f"{DASH}Representation") is not None for group in groups)


@pytest.mark.parametrize(
    "name",
    [
        "index.m3u8?aws.manifestfilter=video_height:1%3Baudio_language:fr",
        "index.mpd?aws.manifestfilter=video_height:1%3Baudio_language:fr",
        "index_0.m3u8?aws.manifestfilter=video_codec:h264",
        "s_0_1.m4s?aws.manifestfilter=video_codec:h264",
        "index.m3u8?aws.manifestfilter=donut_type:rhododendron",
        "index.mpd?aws.manifestsettings=begin:1",
    ],
)
def test_a_query_that_mediapackage_rejects_is_rejected(encoder: Any, name: str) -> None:
    with pytest.raises(BadQuery):
        packaged(served(), encoder, name)


def test_other_queries_change_nothing(encoder: Any) -> None:
    assert packaged(served(), encoder, "s_0_1.m4s?x=1") == b"media"
    plain = packaged(served(), encoder, "index.m3u8")
    assert packaged(served(), encoder, "index.m3u8?start=1&end=2") == plain
