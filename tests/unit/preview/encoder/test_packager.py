"""The files that an origin endpoint serves."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from preview.encoder.encoder import Encoder
from preview.encoder.ffmpeg import MANIFEST
from preview.encoder.packager import packaged
from preview.resource import Resource
from tests.preview.encoder.resources import endpoint, mpd, timeline, two_rungs

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
