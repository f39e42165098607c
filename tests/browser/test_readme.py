"""The stream that the README's lines have deployed, by the AWS CLI, watched in a browser."""

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, Previewed
from tests.browser.viewer import Viewer
from tests.preview.endpoint.command_line import NEEDS_CLI
from tests.preview.endpoint.readme_operator import Operator

pytestmark = NEEDS_CLI
COMMAND = (sys.executable, "-m", "preview", "--endpoint", "--no-browser")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Previewed]:
    """What `make endpoint` runs."""
    with contextlib.closing(Previewed(COMMAND, tmp_path)) as running:
        yield running


def test_a_viewer_watches_what_the_readmes_lines_have_deployed(
    playwright: Playwright, preview: Previewed, tmp_path: Path
) -> None:
    exports = preview.said("^export ").removeprefix("export ")
    operator = Operator(dict(word.split("=", 1) for word in shlex.split(exports)), tmp_path, "kms")
    operator.build()
    bundle.write(tmp_path / "build" / "site", lambda _: None)
    operator.fill_in()
    operator.deploy()
    operator.read_outputs()
    operator.upload_page()
    operator.start_channel()
    temporary_password = preview.said(f"^mailed +{EMAIL}: ").rpartition(" ")[2]
    with opened(playwright, preview) as browser:
        viewer = Viewer.of(browser.new_context(), operator.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, temporary_password)
        viewer.change_password()
        viewer.plays(seconds=3, within=90)  # the channel starts in a minute
        viewer.close()
    assert viewer.problems == []
