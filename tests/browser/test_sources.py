"""Sources other than an encoder, played in a browser."""

from pathlib import Path

from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import load
from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, previewed
from tests.browser.viewer import Viewer
from tests.conftest import STREAMS
from tests.preview.encoder.pictures import is_red, red_video

COLOR = """(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d");
  context.drawImage(document.getElementById("video"), 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
})()"""


def test_a_viewer_watches_a_file_that_plays_in_a_loop(
    playwright: Playwright, tmp_path: Path
) -> None:
    build(load(STREAMS["mp4-file"]), tmp_path, lambda _: None)
    bundle.write(tmp_path / "site", lambda _: None)
    video = red_video(tmp_path / "red.mp4")
    with (
        previewed(tmp_path / "template.json", "--source", str(video)) as preview,
        opened(playwright, preview) as browser,
    ):
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays(seconds=3)
        red, green, blue, _ = viewer.page.evaluate(COLOR)
        viewer.close()
    assert is_red((red, green, blue))
