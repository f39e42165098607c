"""A stream that is on the air already, at another host, watched in a browser."""

from pathlib import Path

from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import load
from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, previewed
from tests.browser.viewer import Viewer
from tests.conftest import STREAMS

MANIFESTS = {"": "/live/final/index.m3u8", "#dash": "/live/final/manifest.mpd"}
"""What the page plays, by the hash of its URL."""


def test_a_viewer_watches_the_stream_of_another_host(
    playwright: Playwright, tmp_path: Path
) -> None:
    build(load(STREAMS["existing-packager"]), tmp_path, lambda _: None)
    bundle.write(tmp_path / "site", lambda _: None)
    with (
        previewed(tmp_path / "template.json") as preview,
        opened(playwright, preview) as browser,
    ):
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays(seconds=3)
        for hash_, manifest in MANIFESTS.items():
            viewer.page.goto("about:blank")
            viewer.answers.clear()
            viewer.open(f"/{hash_}")
            viewer.plays(seconds=3)
            media = {path for _, path, _ in viewer.answers if path.startswith("/live/final/")}
            assert manifest in media
            assert any(path.endswith(".m4s") for path in media)
            assert {status for _, path, status in viewer.answers if path in media} == {200}
        viewer.close()
    assert viewer.problems == []
