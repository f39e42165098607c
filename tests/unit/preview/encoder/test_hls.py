"""HLS playlists: RFC 8216."""

import re
from dataclasses import replace
from typing import Any

import pytest

from preview.encoder.hls import child_name, media_playlist, multivariant_playlist
from preview.encoder.ladder import Captions
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


def media_lines(playlist: str) -> list[str]:
    """The EXT-X-MEDIA tags."""
    return [line for line in playlist.splitlines() if line.startswith("#EXT-X-MEDIA:")]


def variants(playlist: str) -> list[str]:
    """The EXT-X-STREAM-INF tags."""
    return [line for line in playlist.splitlines() if line.startswith("#EXT-X-STREAM-INF")]


ENGLISH = replace(AUDIO, name="English", language="en")
GERMAN = replace(AUDIO, name="Deutsch", language="de", is_default=False)
COMMENTARY = replace(AUDIO, language="en", is_default=False, is_autoselect=False, channels=6)
DOLBY = replace(AUDIO, codec="dolby", language="en", is_default=False)


def heard(*codecs: str) -> list[Track]:
    """Two video tracks and audio tracks, of which each has 96 kbit/s more than the one before."""
    return tracks(parsed(mpd(SIX, SIX, audios=codecs)))


def test_audios_have_names_and_languages_and_one_is_the_default() -> None:
    ladder = two_rungs(sounds=(ENGLISH, GERMAN, COMMENTARY))
    playlist = multivariant_playlist(MANIFEST, heard(*["mp4a.40.2"] * 3), ladder)
    assert media_lines(playlist) == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,'
        'AUTOSELECT=YES,CHANNELS="2",URI="index_2.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,'
        'AUTOSELECT=YES,CHANNELS="2",URI="index_3.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="en",LANGUAGE="en",DEFAULT=NO,'
        'AUTOSELECT=NO,CHANNELS="6",URI="index_4.m3u8"',
    ]
    # with the largest audio
    assert variants(playlist)[0].startswith("#EXT-X-STREAM-INF:BANDWIDTH=588000,")
    assert len(variants(playlist)) == 2


def test_names_in_a_group_differ() -> None:
    ladder = two_rungs(sounds=(AUDIO, replace(AUDIO, is_default=False), GERMAN))
    playlist = multivariant_playlist(MANIFEST, heard(*["mp4a.40.2"] * 3), ladder)
    names = [line.partition('NAME="')[2].partition('"')[0] for line in media_lines(playlist)]
    assert names == ["audio", "audio 2", "Deutsch"]


def test_audios_of_different_codecs_are_in_groups_of_their_own() -> None:
    ladder = two_rungs(sounds=(ENGLISH, DOLBY))
    playlist = multivariant_playlist(MANIFEST, heard("mp4a.40.2", "ec-3"), ladder)
    assert [line.split(",")[1] for line in media_lines(playlist)] == [
        'GROUP-ID="audio"',
        'GROUP-ID="dolby"',
    ]
    codecs = [re.findall('CODECS="([^"]*)"', line)[0] for line in variants(playlist)]
    groups = [re.findall('AUDIO="([^"]*)"', line)[0] for line in variants(playlist)]
    assert list(zip(codecs, groups, strict=True)) == [
        ("avc1.64001f,mp4a.40.2", "audio"),
        ("avc1.4d400d,mp4a.40.2", "audio"),
        ("avc1.64001f,ec-3", "dolby"),
        ("avc1.4d400d,ec-3", "dolby"),
    ]


def test_a_video_has_only_the_groups_that_the_template_names_for_it() -> None:
    large, small = two_rungs().renditions
    ladder = two_rungs(
        renditions=(replace(large, audio_groups=("best",)), small),
        sounds=(ENGLISH, replace(GERMAN, group="best")),
    )
    playlist = multivariant_playlist(MANIFEST, heard("mp4a.40.2", "mp4a.40.2"), ladder)
    lines = [line for line in playlist.splitlines() if "STREAM-INF" in line or "index_" in line]
    groups = [line.partition('AUDIO="')[2].rstrip('"') for line in variants(playlist)]
    assert groups == ["audio", "best", "best"]
    assert [line for line in lines if line in ("index_0.m3u8", "index_1.m3u8")] == [
        "index_1.m3u8",
        "index_0.m3u8",
        "index_1.m3u8",
    ]


def test_without_video_every_audio_can_still_be_chosen() -> None:
    ladder = two_rungs(sounds=(replace(GERMAN), ENGLISH))
    audios = heard("mp4a.40.2", "mp4a.40.2")[2:]
    playlist = multivariant_playlist(MANIFEST, audios, ladder)
    assert len(media_lines(playlist)) == 2
    assert playlist.splitlines()[-2:] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=192000,CODECS="mp4a.40.2",AUDIO="audio"',
        "index_3.m3u8",
    ]
    alone = multivariant_playlist(MANIFEST, audios[:1], ladder)
    assert alone.splitlines()[3:] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"',
        "index_2.m3u8",
    ]


def test_captions_are_offered_with_the_videos_that_have_them() -> None:
    large, small = two_rungs().renditions
    english = Captions(channel=1, language="eng", name="English")
    german = Captions(channel=3, language="deu", name="Deutsch")
    ladder = two_rungs(
        renditions=(replace(large, has_captions=True), small), captions=(english, german)
    )
    playlist = multivariant_playlist(MANIFEST, found(), ladder)
    assert media_lines(playlist)[1:] == [
        '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="English",LANGUAGE="eng",'
        'DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="CC1"',
        '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="Deutsch",LANGUAGE="deu",'
        'DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="CC3"',
    ]
    assert ["CLOSED-CAPTIONS=" in line for line in variants(playlist)] == [True, False]
    assert variants(playlist)[0].endswith(',CLOSED-CAPTIONS="captions"')


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
