"""Every signing mode, played in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import load
from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, previewed
from tests.browser.viewer import Viewer
from tests.conftest import STREAMS
from tests.preview.signed_streams import PRIVATE_KEYS, SIGNERS


@pytest.mark.parametrize("name", SIGNERS)
def test_a_viewer_gets_403_then_signs_in_and_watches(
    playwright: Playwright, tmp_path: Path, name: str
) -> None:
    build(load(STREAMS[name]), tmp_path, lambda _: None)
    bundle.write(tmp_path / "site", lambda _: None)
    path = PRIVATE_KEYS.get(name)
    pasted = [f"PrivateKeyString=@{path}"] if path else []
    with (
        previewed(tmp_path / "template.json", *pasted) as preview,
        opened(playwright, preview) as browser,
    ):
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.shows("welcome")
        assert viewer.fetched(preview.outputs["HlsManifest"]) == 403
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays(seconds=3)
        assert viewer.media_statuses()[200] > 3
        viewer.close()
    secret = path.read_text().splitlines()[1] if path else "PRIVATE KEY"
    assert not [line for line in preview.lines if secret in line]
