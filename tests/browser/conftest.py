"""Fixtures: one preview, one Chromium, and a window for each test."""

import contextlib
import functools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from preview.local import chromium
from protected_stream.building import build
from protected_stream.config import Stream
from protected_stream.page import bundle
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.viewer import Viewer
from tests.preview.required_programs import required_program

COOKIE_SECONDS = 60
SEGMENT_SECONDS = 2
STREAM = {
    "encoding": {"gop_seconds": SEGMENT_SECONDS},
    "packaging": {"segment_seconds": SEGMENT_SECONDS, "dvr_window_seconds": 60},
    "schedule": {"stop_after_hours": 0},
    "signing": {"grace_minutes": 5},
    "viewers": {"session_hours": 1},
}
FLAGS = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-gpu",
)


@pytest.fixture(scope="session")
def _programs() -> None:
    """The tests need Chromium and ffmpeg."""
    required_program(chromium.program())
    required_program("ffmpeg", "ffprobe")


@pytest.fixture(scope="session")
def folder(_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `make template site`, with cookies that last one minute.

    The stream file allows only whole minutes, and expiry times are rounded up to them, so the
    function's settings are changed in the template.
    """
    folder = tmp_path_factory.mktemp("browser")
    build(Stream.model_validate(STREAM), folder, lambda _: None)
    bundle.write(folder / "site", lambda _: None)
    template = json.loads((folder / "template.json").read_text("utf-8"))
    for resource in template["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if "COOKIE_SECONDS" in variables:
            variables.update(COOKIE_SECONDS=str(COOKIE_SECONDS), STEP_SECONDS="1")
    (folder / "template.json").write_text(json.dumps(template), "utf-8")
    return folder


@pytest.fixture(scope="session")
def preview(folder: Path) -> Iterator[Previewed]:
    """The preview that all tests share; it is on air at the start of each test."""
    with previewed(folder / "template.json") as running:
        yield running


@pytest.fixture(scope="session")
def playwright(_programs: None) -> Iterator[Playwright]:
    """The Playwright driver."""
    with sync_playwright() as driver:
        yield driver


@contextlib.contextmanager
def opened(playwright: Playwright, preview: Previewed, *more: str) -> Iterator[Browser]:
    """Headless Chromium with the flags that the preview prints; `more` replace some of these."""
    program, *arguments = preview.browser_command
    flags = [flag for flag in arguments if flag.startswith("--") and "user-data-dir" not in flag]
    browser = playwright.chromium.launch(
        executable_path=shutil.which(program), headless=True, args=[*flags, *FLAGS, *more]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright, preview: Previewed) -> Iterator[Browser]:
    """The browser that all tests share."""
    with opened(playwright, preview) as shared:
        yield shared


OpenWindow = Callable[..., Viewer]


@pytest.fixture
def window(preview: Previewed, browser: Browser) -> Iterator[OpenWindow]:
    """Opens windows at the page's URL, each with its own profile."""
    preview.start()
    opened: list[Viewer] = []

    def open_window(width: int = 1280, height: int = 800, **options: Any) -> Viewer:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(Viewer.of(context, preview.outputs["WatchAddress"]))
        return opened[-1]

    yield open_window
    for viewer in opened:
        viewer.close()
    assert [problem for viewer in opened for problem in viewer.problems] == []


@pytest.fixture
def viewer(window: OpenWindow) -> Viewer:
    """A window without a signed-in viewer."""
    return window()


@pytest.fixture(scope="session")
def member(preview: Previewed, browser: Browser) -> str:
    """The email address of a viewer who has already changed the temporary password."""
    context = browser.new_context()
    first = Viewer.of(context, preview.outputs["WatchAddress"])
    first.open()
    first.begin_sign_in(EMAIL, preview.temporary_password)
    first.change_password()
    first.until(functools.partial(first.is_here), what="the first sign-in")
    context.close()
    return EMAIL


@pytest.fixture
def watching(viewer: Viewer, member: str) -> Viewer:
    """A window that plays the stream."""
    viewer.sign_in(member)
    viewer.plays()
    return viewer
