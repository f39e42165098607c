"""Errors for missing programs and files say what to do."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from preview.encoder.binaries import (
    check_binaries,
    check_encoder,
    check_encoders,
    footage,
    last_line,
)
from preview.errors import PreviewError
from tests.preview.encoder.captions import captioned_video
from tests.preview.encoder.pictures import red_video
from tests.preview.encoder.resources import two_rungs
from tests.preview.required_programs import needs_ffmpeg


def test_a_missing_program_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        PreviewError, match=r'needs ffmpeg and ffprobe.*"apt-get install ffmpeg".*"brew'
    ):
        check_binaries()
    for name in ("ffmpeg", "ffprobe"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    check_binaries()


def test_an_ffmpeg_that_cannot_encode_is_rejected(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text('#!/bin/sh\necho " V....D libopenh264 OpenH264 H.264"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PreviewError, match=r"needs libx264.*RPM Fusion"):
        check_encoder()


@needs_ffmpeg
def test_the_usual_ffmpeg_can_encode() -> None:
    check_encoder()


def test_hevc_needs_an_encoder_that_many_builds_lack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text('#!/bin/sh\necho " V....D libx264 H.264"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    check_encoders(two_rungs())
    hevc = replace(two_rungs().renditions[0], codec="h265")
    with pytest.raises(PreviewError, match=r"H265Settings need libx265, .*--no-encoder"):
        check_encoders(two_rungs(renditions=(hevc,)))


@needs_ffmpeg
@pytest.mark.parametrize("suffix", ["mp4", "ts"])
def test_a_video_tells_its_audios_captions_and_frame_rate(tmp_path: Path, suffix: str) -> None:
    audios = [("eng", 440), ("und", 660), ("deu", 880)]
    film = captioned_video(tmp_path / f"film.{suffix}", {1: "HELLO"}, audios)
    found = footage(film)
    assert [one.index for one in found.audios] == [1, 2, 3]
    assert [one.language for one in found.audios] == ["eng", None, "deu"]
    assert {(one.codec, one.channels) for one in found.audios} == {("aac", 1)}
    assert found.has_captions
    assert found.frames_per_second == 30
    if suffix == "ts":
        assert [one.pid for one in found.audios] == [0x101, 0x102, 0x103]


@needs_ffmpeg
def test_a_video_without_captions_has_none(tmp_path: Path) -> None:
    assert footage(red_video(tmp_path / "red.mp4")).has_captions is False


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"film\.mp4 does not exist"):
        footage(tmp_path / "film.mp4")


@needs_ffmpeg
def test_a_file_without_video_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(PreviewError, match=r"film\.mp4 has no video"):
        footage(tmp_path / "film.mp4")


@needs_ffmpeg
@pytest.mark.parametrize("sound", [True, False])
def test_a_video_may_have_no_audio(
    tmp_path: Path, sound: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = ["-f", "lavfi", "-i", "testsrc2=size=64x36"]
    inputs += ["-f", "lavfi", "-i", "sine"] if sound else []
    film = tmp_path / "film.mp4"
    subprocess.run(["ffmpeg", *inputs, "-t", "0.2", film], check=True, capture_output=True)
    monkeypatch.chdir(tmp_path)
    found = footage(Path("film.mp4"))
    assert (found.path, len(found.audios)) == (film.resolve(), int(sound))


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("first\nlast\n\n", "last"),
        ("one", "one"),
        ("", "no output"),
        ("why\nbench: utime=1s\nConversion failed!\n", "why"),
    ],
)
def test_the_last_line_is_the_reason(tmp_path: Path, log: str, line: str) -> None:
    (tmp_path / "log").write_text(log)
    assert last_line(tmp_path / "log") == line


def test_without_a_log_there_is_no_reason(tmp_path: Path) -> None:
    assert last_line(tmp_path / "log") == "no output"
