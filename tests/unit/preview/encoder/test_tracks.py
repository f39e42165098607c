"""Tracks and segments from ffmpeg's MPD."""

from pathlib import Path

import pytest

from preview.encoder.ffmpeg import MANIFEST
from preview.encoder.ffmpeg_mpd import document
from preview.encoder.tracks import Segment, tracks
from tests.preview.encoder.resources import mpd, parsed, timeline


def folder_with(tmp_path: Path, mpd: str, *files: str) -> Path:
    (tmp_path / MANIFEST).write_text(mpd)
    for file in files:
        (tmp_path / file).write_text("")
    return tmp_path


def test_tracks_and_their_segments() -> None:
    large, small, sound = tracks(parsed(mpd(start=7)))
    assert (large.id, large.codec, large.bandwidth) == ("0", "avc1.64001f", 300_000)
    assert (large.width, large.height, large.initialization) == (320, 180, "s_0_init.mp4")
    assert large.segments == (
        Segment(name="s_0_7.m4s", number=7, begins=1000, seconds=4),
        Segment(name="s_0_8.m4s", number=8, begins=1004, seconds=4),
        Segment(name="s_0_9.m4s", number=9, begins=1008, seconds=3),
    )
    assert (small.width, len(small.segments)) == (160, 2)
    assert (sound.width, sound.codec) == (0, "mp4a.40.2")
    assert sound.segments[0].begins == pytest.approx(1000, abs=0.03)


def test_a_rendition_is_not_a_segment_behind_the_others(tmp_path: Path) -> None:
    root = document(folder_with(tmp_path, mpd(), "s_1_3.m4s"))
    assert root is not None
    large, small, _ = tracks(root)
    assert [one.number for one in small.segments] == [1, 2, 3]
    assert [one.begins for one in small.segments] == [one.begins for one in large.segments]


def test_a_segment_that_does_not_exist_yet_is_not_listed(tmp_path: Path) -> None:
    root = document(folder_with(tmp_path, mpd(), "s_0_3.m4s", "s_1_2.m4s"))
    assert root is not None
    _, small, _ = tracks(root)
    assert [one.number for one in small.segments] == [1, 2]


def test_there_is_no_mpd_before_every_track_has_a_segment(tmp_path: Path) -> None:
    assert document(tmp_path) is None
    assert document(tmp_path / "deleted") is None
    assert document(folder_with(tmp_path, mpd(second=""))) is None
    assert document(folder_with(tmp_path, mpd(second=""), "s_1_3.m4s")) is not None


def test_hevc_has_a_complete_codec_string(tmp_path: Path) -> None:
    text = mpd().replace("avc1.4d400d", "hvc1")
    folder = folder_with(tmp_path, text)
    record = bytes.fromhex("01 01 60000000 900000000000 3C")
    (folder / "s_1_init.mp4").write_bytes(b"\0\0\0\x7bhvcC" + record)
    root = document(folder)
    assert root is not None
    assert [one.codec for one in tracks(root)] == ["avc1.64001f", "hvc1.1.6.L60.90", "mp4a.40.2"]


def test_segment_numbers_increase_from_source_to_source() -> None:
    before = timeline(begins=1001.5)
    after = timeline(begins=1001.5 + 3 * 4 + 0.1)  # after three segments
    assert after.number_before(4) + 1 > before.number_before(4) + 3
