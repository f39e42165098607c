"""ffmpeg command line, and its output."""

import itertools
import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from preview.encoder.ffmpeg import MANIFEST, command
from preview.encoder.ladder import Ladder, Sound
from preview.encoder.source import AudioStream, Footage, Source
from preview.local.supervised_process import SupervisedProcess
from tests.preview.encoder.resources import ORIGIN, two_rungs
from tests.preview.required_programs import needs_ffmpeg

BEGINS = ORIGIN + 1000.25
SECOND_STREAM = AudioStream(index=1, codec="aac")


def after(name: str, line: Sequence[str]) -> list[str]:
    """The values of an option."""
    return [value for option, value in itertools.pairwise(line) if option == name]


def test_it_is_live_unless_it_is_a_sample() -> None:
    live = command(two_rungs(), Source(begins=BEGINS))
    assert "-t" not in live
    assert "realtime=" in after("-filter_complex", live)[0]
    sample = command(two_rungs(), Source(begins=BEGINS, seconds=2))
    assert "realtime=" not in after("-filter_complex", sample)[0]
    assert after("-t", sample) == ["2"]


def test_a_file_loops_with_its_own_audio_or_a_beep() -> None:
    silent = Footage(path=Path("/films/a.mp4"), audios=())
    line = command(two_rungs(), Source(begins=BEGINS, footage=silent))
    assert after("-stream_loop", line) == ["-1"]
    assert after("-i", line)[0] == "/films/a.mp4"
    assert "[1:a:0]" in after("-filter_complex", line)[0]
    loud = Footage(path=Path("/films/a.mp4"), audios=(SECOND_STREAM,))
    line = command(two_rungs(), Source(begins=BEGINS, footage=loud))
    assert after("-i", line) == ["/films/a.mp4"]
    assert "[0:1]" in after("-filter_complex", line)[0]


def test_without_a_clock_no_text_is_drawn() -> None:
    def filters(*, clock: bool) -> str:
        return after("-filter_complex", command(two_rungs(), Source(begins=BEGINS, clock=clock)))[0]

    assert "drawtext" in filters(clock=True)
    assert "drawtext" not in filters(clock=False)


def test_the_folder_keeps_the_dvr_window_and_another_minute() -> None:
    line = command(two_rungs(window_seconds=30, segment_seconds=4), Source(begins=BEGINS))
    assert after("-window_size", line) == ["8"]
    assert after("-extra_window_size", line) == ["15"]


def made(ladder: Ladder, source: Source, folder: Path) -> list[dict[str, Any]]:
    """The output of ffprobe for each track, in order: initialization and first segment."""
    subprocess.run(command(ladder, source), cwd=folder, check=True, capture_output=True)
    found = []
    for track in range(len(ladder.renditions) + 1):
        file = folder / f"{track}.mp4"
        parts = (f"{source.name}_{track}_init.mp4", f"{source.name}_{track}_1.m4s")
        file.write_bytes(b"".join((folder / part).read_bytes() for part in parts))
        show = ("-show_streams", "-show_packets", "-show_format", "-of", "json")
        probe = subprocess.run(["ffprobe", *show, file], check=True, capture_output=True)
        found.append(json.loads(probe.stdout))
    return found


@needs_ffmpeg
def test_tracks_match_the_ladder(tmp_path: Path) -> None:
    ladder = two_rungs(sounds=(Sound(bitrate=64_000, samples_per_second=44_100, language="deu"),))
    large, small, sound = made(ladder, Source(begins=BEGINS, seconds=4), tmp_path)
    for rendition, track in zip(ladder.renditions, (large, small), strict=True):
        (stream,) = track["streams"]
        assert (stream["codec_name"], stream["r_frame_rate"]) == ("h264", "30/1")
        assert (stream["width"], stream["height"]) == (rendition.width, rendition.height)
        assert stream["profile"].upper() == rendition.profile
        assert stream["pix_fmt"] == "yuv420p"
        assert "cmfc" in track["format"]["tags"]["compatible_brands"]  # CMAF, ISO/IEC 23000-19
    (stream,) = sound["streams"]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("aac", "44100", 2)
    assert 'lang="deu"' in (tmp_path / MANIFEST).read_text()


@needs_ffmpeg
def test_all_renditions_have_their_keyframes_at_the_same_time_and_no_others(
    tmp_path: Path,
) -> None:
    ladder = two_rungs(gop_frames=45, segment_seconds=3.0)
    source = Source(begins=BEGINS, origin=ORIGIN, seconds=3)
    for track in made(ladder, source, tmp_path)[:2]:
        times = [float(one["pts_time"]) for one in track["packets"] if "K" in one["flags"]]
        assert times == pytest.approx([1000.25, 1001.75], abs=0.001)


@needs_ffmpeg
def test_media_time_in_the_files_starts_at_the_origin(tmp_path: Path) -> None:
    source = Source(begins=BEGINS, origin=ORIGIN, seconds=2)
    large, _, sound = made(two_rungs(), source, tmp_path)
    assert float(large["packets"][0]["pts_time"]) == pytest.approx(1000.25, abs=0.001)
    assert float(sound["packets"][0]["pts_time"]) == pytest.approx(1000.25, abs=0.03)


@needs_ffmpeg
@pytest.mark.parametrize("sound", [True, False])
def test_any_video_is_converted_to_the_streams_size_and_rate_and_loops(
    tmp_path: Path, sound: bool
) -> None:
    film = tmp_path / "film.mp4"
    inputs = ["-f", "lavfi", "-i", "testsrc2=size=90x120:rate=12.5"]
    inputs += ["-f", "lavfi", "-i", "sine"] if sound else []
    subprocess.run(["ffmpeg", *inputs, "-t", "1", film], check=True, capture_output=True)
    source = Source(
        begins=BEGINS,
        footage=Footage(path=film, audios=(SECOND_STREAM,) if sound else ()),
        seconds=3,
    )
    large, small, heard = made(two_rungs(), source, tmp_path)
    for rendition, track in zip(two_rungs().renditions, (large, small), strict=True):
        (stream,) = track["streams"]
        assert (stream["width"], stream["height"]) == (rendition.width, rendition.height)
        assert len(track["packets"]) == pytest.approx(90, abs=1)
    assert len(heard["packets"]) == pytest.approx(3 * 48_000 / 1024, abs=4)


@needs_ffmpeg
@pytest.mark.parametrize("sound", [None, True, False], ids=["test pattern", "video", "no audio"])
def test_the_first_seconds_are_encoded_at_once_and_the_rest_in_real_time(
    tmp_path: Path, sound: bool | None
) -> None:
    film = Footage(path=tmp_path / "film.mp4", audios=(SECOND_STREAM,) if sound else ())
    inputs = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=25", "-f", "lavfi", "-i", "sine"]
    subprocess.run(["ffmpeg", *inputs, "-t", "3", film.path], check=True, capture_output=True)
    ladder = two_rungs(gop_frames=30, segment_seconds=1.0)
    source = Source(begins=BEGINS, ahead=4, footage=None if sound is None else film)
    seen: dict[int, float] = {}
    begun = time.monotonic()
    with SupervisedProcess(command(ladder, source), cwd=tmp_path):
        while len(seen) < 7 and time.monotonic() - begun < 15:
            for number in range(1, 8):
                if (tmp_path / f"source_2_{number}.m4s").is_file():
                    seen.setdefault(number, time.monotonic() - begun)
            time.sleep(0.02)
    assert sorted(seen) == list(range(1, 8))
    assert seen[3] < 3  # in real time, it would be later
    assert seen[6] > 6 - 4
    assert 7 - 4 < seen[7] < 7 - 4 + 3  # with tolerance for a busy machine


@needs_ffmpeg
@pytest.mark.parametrize("factor", [0.41, 0.61, 0.813])
def test_any_factor_works(tmp_path: Path, factor: float) -> None:
    scaled = two_rungs().scaled(factor)
    assert len(made(scaled, Source(begins=BEGINS, seconds=0.5), tmp_path)) == 3
