"""HLS playlists: RFC 8216."""

import re
from dataclasses import replace
from typing import Any

import pytest

from preview.encoder.hls import child_name, media_playlist, multivariant_playlist
from preview.encoder.tracks import Track, tracks
from tests.preview.encoder.resources import AUDIO, mpd, parsed, timeline, two_rungs

MANIFEST: dict[str, Any] = {
    "ManifestName": "index",
    "ManifestWindowSeconds": 300,
    "ProgramDateTimeIntervalSeconds": 4,
}
SIX = '<S t="1000000" d="4000" r="5"/>'


def found(first: str = SIX) -> list[Track]:
    return tracks(parsed(mpd(first, SIX)))


def test_the_multivariant_playlist_has_all_renditions_with_the_audio() -> None:
    assert multivariant_playlist(MANIFEST, found(), two_rungs()).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,'
        'CHANNELS="2",URI="index_2.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=396000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=320x180,'
        'FRAME-RATE=30.000,AUDIO="audio"',
        "index_0.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=196000,CODECS="avc1.4d400d,mp4a.40.2",RESOLUTION=160x90,'
        'FRAME-RATE=30.000,AUDIO="audio"',
        "index_1.m3u8",
    ]


def test_the_audio_has_its_language_if_known() -> None:
    german = two_rungs(sounds=(replace(AUDIO, language="de"),))
    assert 'NAME="de",LANGUAGE="de"' in multivariant_playlist(MANIFEST, found(), german)


def test_a_media_playlist_may_have_its_own_name() -> None:
    assert child_name({**MANIFEST, "ChildManifestName": "child"}, found()[1]) == "child_1.m3u8"


def test_a_media_playlist_has_the_windows_segments_and_their_times() -> None:
    last_two = {**MANIFEST, "ManifestWindowSeconds": 7}
    playlist = media_playlist(last_two, found()[0], two_rungs(), timeline(gaps=2))
    assert playlist.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-MEDIA-SEQUENCE:255",  # 1000 s are 250 segments, and this is the fifth after that
        "#EXT-X-DISCONTINUITY-SEQUENCE:2",
        '#EXT-X-MAP:URI="s_0_init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:16:56.000Z",
        "#EXTINF:4.00000,",
        "s_0_5.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:17:00.000Z",
        "#EXTINF:4.00000,",
        "s_0_6.m4s",
    ]


@pytest.mark.parametrize(("interval", "count"), [(None, 0), (1, 6), (4, 6), (8, 3), (60, 1)])
def test_program_date_times_have_the_templates_interval(interval: int | None, count: int) -> None:
    stated = {**MANIFEST, "ProgramDateTimeIntervalSeconds": interval}
    playlist = media_playlist(stated, found()[0], two_rungs(), timeline())
    assert playlist.count("#EXT-X-PROGRAM-DATE-TIME") == count
    assert count == 0 or playlist.index("#EXT-X-PROGRAM") < playlist.index("#EXTINF")


def test_a_slightly_short_segment_has_its_time_too() -> None:
    short = found('<S t="1000000" d="3990" r="5"/>')[0]
    playlist = media_playlist(MANIFEST, short, two_rungs(), timeline())
    assert playlist.count("#EXT-X-PROGRAM-DATE-TIME") == 6


@pytest.mark.parametrize(
    ("segments", "target"),
    [(SIX, 4), ('<S t="1000000" d="4400"/>', 4), ('<S t="1000000" d="4500"/>', 5)],
)
def test_no_segment_is_longer_than_the_target_duration_when_rounded(
    segments: str, target: int
) -> None:
    playlist = media_playlist(MANIFEST, found(segments)[0], two_rungs(), timeline())
    assert f"#EXT-X-TARGETDURATION:{target}\n" in playlist


def test_audio_and_video_are_numbered_alike() -> None:
    numbers = {
        re.findall("SEQUENCE:([0-9]+)", media_playlist(MANIFEST, one, two_rungs(), timeline()))[0]
        for one in found()
    }
    assert numbers == {"251"}
