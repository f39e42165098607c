"""Every format that the page plays, in a stream that offers all of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import load
from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, previewed
from tests.browser.viewer import Viewer
from tests.conftest import STREAMS

FORMATS = {
    "": {"manifest": "/low-latency.m3u8", "segments": ".m4s"},
    "#llHls": {"manifest": "/low-latency.m3u8", "segments": ".m4s"},
    "#hls": {"manifest": "/index.m3u8", "segments": ".m4s"},
    "#hlsTs": {"manifest": "/index.m3u8", "segments": ".ts"},
    "#dash": {"manifest": "/index.mpd", "segments": ".m4s"},
    "#userPoolId": {"manifest": "/low-latency.m3u8", "segments": ".m4s"},
}
"""What the browser requests, by the hash of the page's URL."""


@pytest.fixture(scope="module")
def watching(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """A window in which the viewer is signed in."""
    folder = tmp_path_factory.mktemp("formats")
    build(load(STREAMS["formats"]), folder, lambda _: None)
    bundle.write(folder / "site", lambda _: None)
    with (
        previewed(folder / "template.json") as preview,
        opened(playwright, preview) as browser,
    ):
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays()
        yield viewer
        viewer.close()
    assert viewer.problems == []


@pytest.mark.parametrize("hash_", FORMATS)
def test_the_page_plays_the_format_that_the_url_names(watching: Viewer, hash_: str) -> None:
    watching.page.goto("about:blank")
    watching.answers.clear()
    watching.open(f"/{hash_}")
    watching.plays_smoothly(seconds=5)
    media = [path for _, path, _ in watching.answers if path.startswith("/out/v1/")]
    manifests = {path for path in media if path.endswith((".m3u8", ".mpd"))}
    assert any(path.endswith(FORMATS[hash_]["manifest"]) for path in manifests)
    segments = {path for path in media if path.endswith((".m4s", ".ts"))}
    assert segments
    assert {path for path in segments if not path.endswith(FORMATS[hash_]["segments"])} == set()
    assert watching.media_statuses().keys() == {200}
