"""The files that an origin endpoint serves."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from preview.encoder.encoder import Encoder
from preview.encoder.ffmpeg import MANIFEST
from preview.encoder.packager import packaged
from preview.resource import Resource
from tests.preview.encoder.resources import AUDIO, endpoint, mpd, timeline, two_rungs

FILES = ("s_0_init.mp4", "s_0_1.m4s", "s_1_3.m4s", "s_0_4.m4s.tmp", "log")


@pytest.fixture
def encoder(tmp_path: Path) -> Any:
    """An encoder with files in its folder; ffmpeg does not run."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / MANIFEST).write_text(mpd())
    for file in FILES:
        (folder / file).write_text(f"content of {file}")
    (tmp_path / "secret.mp4").write_text("not for viewers")
    (folder / "inner.mp4").mkdir()
    made = SimpleNamespace(
        folder=folder, ladder=two_rungs(), stated=two_rungs(), timeline=timeline()
    )
    made.file = lambda name: Encoder.file(made, name)  # type: ignore[arg-type]
    return made


def test_manifests_have_the_templates_names(encoder: Any) -> None:
    named = endpoint()
    named.properties["HlsManifests"][0]["ManifestName"] = "hls"
    named.properties["DashManifests"][0]["ManifestName"] = "dash"
    for name, beginning in {
        "hls.m3u8": b"#EXTM3U",
        "hls_0.m3u8": b"#EXTM3U",
        "hls_2.m3u8": b"#EXTM3U",
        "dash.mpd": b"<?xml",
    }.items():
        assert (packaged(named, encoder, name) or b"").startswith(beginning)
    for name in ("index.m3u8", "index_0.m3u8", "dash.m3u8", "hls.mpd", "hls_3.m3u8", MANIFEST):
        assert packaged(named, encoder, name) is None


def test_only_configured_kinds_of_manifests_exist(encoder: Any) -> None:
    assert packaged(endpoint(HlsManifests=60), encoder, "index.mpd") is None
    assert packaged(endpoint(HlsManifests=60), encoder, "index.m3u8") is not None


def test_every_name_in_the_playlists_is_served(encoder: Any) -> None:
    served = endpoint()
    playlist = packaged(served, encoder, "index.m3u8") or b""
    children = [line for line in playlist.decode().splitlines() if line.startswith("index")]
    assert len(children) == 2
    assert all(packaged(served, encoder, child) for child in children)


HEVC = replace(two_rungs().renditions[1], codec="h265")


@pytest.mark.parametrize(("container", "has_hevc"), [("CMAF", True), ("TS", False)])
def test_a_ts_endpoint_has_no_hevc(encoder: Any, container: str, has_hevc: bool) -> None:
    encoder.ladder = encoder.stated = two_rungs(renditions=(two_rungs().renditions[0], HEVC))
    served = endpoint()
    served.properties["ContainerType"] = container
    playlist = (packaged(served, encoder, "index.m3u8") or b"").decode()
    assert ("index_1.m3u8" in playlist) is has_hevc
    assert (packaged(served, encoder, "index_1.m3u8") is not None) is has_hevc
    assert "index_0.m3u8" in playlist
    assert "index_2.m3u8" in playlist


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("audio_language:de", {"index_0", "index_1", "index_3"}),
        ("audio_codec:ec-3", {"index_0", "index_1", "index_4"}),
        ("audio_codec:aacl", {"index_0", "index_1", "index_2", "index_3"}),
        ("audio_channels:6", {"index_0", "index_1", "index_4"}),
        ("video_codec:h265", {"index_1", "index_2", "index_3", "index_4"}),
    ],
)
def test_filters_choose_among_audios_and_codecs(encoder: Any, asked: str, served: set[str]) -> None:
    sounds = (
        replace(AUDIO, language="en"),
        replace(AUDIO, language="de"),
        replace(AUDIO, codec="dolby", channels=6),
    )
    encoder.stated = two_rungs(renditions=(two_rungs().renditions[0], HEVC), sounds=sounds)
    encoder.ladder = encoder.stated
    (encoder.folder / MANIFEST).write_text(mpd(audios=("mp4a.40.2", "mp4a.40.2", "ec-3")))
    query = f"aws.manifestfilter={quote(asked)}"
    playlist = (packaged(endpoint(), encoder, f"index.m3u8?{query}") or b"").decode()
    assert set(re.findall(r"index_\d", playlist)) == served


def test_media_are_served_unchanged(encoder: Any) -> None:
    for name in ("s_0_init.mp4", "s_0_1.m4s"):
        assert packaged(endpoint(), encoder, name) == f"content of {name}".encode()


@pytest.mark.parametrize(
    "name",
    [
        "../secret.mp4",
        "./s_0_1.m4s",
        "../folder/s_0_1.m4s",
        "/s_0_1.m4s",
        "s_0_9.m4s",
        "s_0_4.m4s.tmp",
        "log",
        "inner.mp4",
        "",
        "..",
        "s_0_1.m4s\0",
    ],
)
def test_nothing_else_is_served(encoder: Any, name: str) -> None:
    assert packaged(endpoint(), encoder, name) is None


def test_an_absolute_path_is_not_served(encoder: Any) -> None:
    assert packaged(endpoint(), encoder, str(encoder.folder / "s_0_1.m4s")) is None


def test_nothing_is_served_before_the_folder_exists(encoder: Any, tmp_path: Path) -> None:
    encoder.folder = tmp_path / "not-yet"
    served: Resource = endpoint()
    for name in ("index.m3u8", "index_0.m3u8", "index.mpd", "s_0_1.m4s"):
        assert packaged(served, encoder, name) is None
