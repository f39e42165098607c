"""Several audios, HEVC and captions, as ffmpeg makes them."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from preview.encoder.audio_selection import LanguageSelection, PidSelection, TrackSelection
from preview.encoder.binaries import footage
from preview.encoder.ffmpeg import MANIFEST, TONES, command
from preview.encoder.ffmpeg_mpd import document
from preview.encoder.ladder import Ladder, Rendition
from preview.encoder.source import AudioStream, Footage, Source
from preview.encoder.tracks import tracks
from tests.preview.encoder.captions import caption_text, captioned_video
from tests.preview.encoder.pitches import pitch_of
from tests.preview.encoder.resources import AUDIO, ORIGIN, two_rungs
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

PITCHES = {"eng": 400, "deu": 700, "fra": 1000}
"""Hertz of the source's audios by language, in the source's order."""
TEXT = "HELLO THERE"
AVC = Rendition(width=320, height=180, bitrate=300_000, profile="HIGH")
HEVC = Rendition(width=160, height=90, bitrate=100_000, profile="MAIN", codec="h265")
SECONDS = 4


def made(ladder: Ladder, source: Footage | None, folder: Path, *, clock: bool = False) -> None:
    """Encodes into the folder."""
    line = command(
        ladder,
        Source(
            footage=source,
            begins=ORIGIN + 1000.25,
            origin=ORIGIN,
            seconds=SECONDS,
            clock=clock,
        ),
    )
    finished = subprocess.run(line, cwd=folder, check=False, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr[-1500:]


def segments(folder: Path, track: int) -> bytes:
    """The initialization segment and all media segments of a track."""
    names = sorted(folder.glob(f"source_{track}_[0-9]*.m4s"))
    first = folder / f"source_{track}_init.mp4"
    return b"".join(path.read_bytes() for path in [first, *names])


def pitches(folder: Path, count: int, candidates: Sequence[int]) -> list[int]:
    """The pitches of the audios after one video."""
    return [pitch_of(segments(folder, 1 + index), candidates) for index in range(count)]


@pytest.mark.parametrize("suffix", ["mp4", "ts"])
def test_each_audio_is_the_one_that_its_selector_chooses(tmp_path: Path, suffix: str) -> None:
    film = footage(captioned_video(tmp_path / f"film.{suffix}", {1: TEXT}, [*PITCHES.items()]))
    sounds = [
        replace(AUDIO, selection=TrackSelection(track=3)),
        replace(AUDIO, selection=LanguageSelection(language="deu")),
        replace(AUDIO, selection=TrackSelection(track=9)),
        replace(AUDIO, selection=TrackSelection(track=1), samples_per_second=44_100),
        replace(AUDIO, selection=TrackSelection(track=3)),
    ]
    expected = [1000, 700, 0, 400, 1000]
    if suffix == "ts":
        sounds.append(replace(AUDIO, selection=PidSelection(pid=0x102)))
        expected.append(700)
    made(two_rungs(renditions=(AVC,), sounds=tuple(sounds)), film, tmp_path)
    assert pitches(tmp_path, len(expected), [*PITCHES.values()]) == expected


def test_each_audio_of_a_test_pattern_has_another_pitch(tmp_path: Path) -> None:
    made(two_rungs(renditions=(AVC,), sounds=(AUDIO,) * 3), None, tmp_path)
    assert pitches(tmp_path, 3, TONES) == [880, 660, 1100]


def test_each_audio_has_its_language_in_a_set_of_its_own(tmp_path: Path) -> None:
    sounds = (replace(AUDIO, language="en"), replace(AUDIO, language="de"))
    made(two_rungs(renditions=(AVC, HEVC), sounds=sounds), None, tmp_path)
    text = (tmp_path / MANIFEST).read_text()
    assert text.count('contentType="video"') == 2  # one for each codec
    assert text.count('contentType="audio"') == 2
    assert text.count('lang="en"') == text.count('lang="de"') == 1


def test_dolby_is_copied_and_otherwise_silent(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    inputs = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=30"]
    inputs += ["-f", "lavfi", "-i", "sine=frequency=400:sample_rate=48000"]
    codecs = ["-map", "0", "-map", "1", "-map", "1", "-c:a:0", "eac3", "-c:a:1", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, *codecs, "-t", "3", film], check=True)
    sounds = tuple(
        replace(AUDIO, codec="dolby", selection=TrackSelection(track=number)) for number in (1, 2)
    )
    made(two_rungs(renditions=(AVC,), sounds=sounds), footage(film), tmp_path)
    root = document(tmp_path)
    assert root is not None
    assert [track.codec for track in tracks(root)][1:] == ["ec-3", "ac-3"]
    assert pitches(tmp_path, 2, [400, 880]) == [400, 0]


def streams(video: bytes) -> dict[str, Any]:
    """What ffprobe says of a track, with its packets."""
    show = ["-show_streams", "-show_packets", "-of", "json", "pipe:0"]
    found = subprocess.run(
        ["ffprobe", "-v", "error", *show], input=video, check=True, capture_output=True
    )
    shown: dict[str, Any] = json.loads(found.stdout)
    return shown


@pytest.mark.parametrize(
    ("profile", "named", "pixels", "codec"),
    [
        ("MAIN", "Main", "yuv420p", "hvc1.1.6.L30.90"),
        ("MAIN_10BIT", "Main 10", "yuv420p10le", "hvc1.2.4.L30.90"),
    ],
)
def test_hevc_has_its_profile_and_its_keyframes_where_h264_has_them(
    tmp_path: Path, profile: str, named: str, pixels: str, codec: str
) -> None:
    ladder = two_rungs(
        renditions=(AVC, replace(HEVC, profile=profile)), gop_frames=45, segment_seconds=1.5
    )
    made(ladder, None, tmp_path, clock=True)
    avc, hevc = (streams(segments(tmp_path, track)) for track in (0, 1))
    (stream,) = hevc["streams"]
    assert (stream["codec_name"], stream["codec_tag_string"]) == ("hevc", "hvc1")
    assert (stream["profile"], stream["pix_fmt"]) == (named, pixels)
    keyframes = [
        [float(one["pts_time"]) for one in track["packets"] if "K" in one["flags"]]
        for track in (avc, hevc)
    ]
    assert keyframes[0] == pytest.approx([1000.25, 1001.75, 1003.25], abs=0.001)
    assert keyframes[1] == pytest.approx(keyframes[0], abs=0.001)
    root = document(tmp_path)
    assert root is not None
    assert [track.codec for track in tracks(root)][:2] == ["avc1.64000d", codec]


@pytest.mark.parametrize("has_captions", [True, False])
def test_captions_of_the_source_are_in_the_renditions_that_have_them(
    tmp_path: Path, has_captions: bool
) -> None:
    film = footage(captioned_video(tmp_path / "film.mp4", {1: TEXT, 3: "TAG"}, [("eng", 400)]))
    renditions = tuple(
        replace(one, has_captions=has_captions)
        for one in (AVC, replace(AVC, width=160, height=90, profile="MAIN"))
    )
    made(two_rungs(renditions=renditions), film, tmp_path, clock=True)
    for track in (0, 1):
        video = tmp_path / f"{track}.mp4"
        video.write_bytes(segments(tmp_path, track))
        assert (TEXT in caption_text(video)) is has_captions


def test_a_source_may_have_fewer_audios_than_the_template(tmp_path: Path) -> None:
    film = captioned_video(tmp_path / "film.mp4", {1: TEXT}, [("eng", 400)])
    stream = AudioStream(index=1, codec="aac", language="eng")
    sounds = (AUDIO, replace(AUDIO, selection=TrackSelection(track=2)))
    ladder = two_rungs(renditions=(AVC,), sounds=sounds)
    made(ladder, Footage(path=film, audios=(stream,)), tmp_path)
    assert pitches(tmp_path, 2, [400, *TONES]) == [400, 0]
