"""Accessibility: every state of the page is checked by axe-core, with screenshots in build/screens.

https://github.com/dequelabs/axe-core
"""

from pathlib import Path

import pytest

from protected_stream.page.node_packages import node_modules
from tests.browser.conftest import OpenWindow
from tests.browser.viewer import Viewer
from tests.conftest import CHECKOUT

SCREENS = CHECKOUT / "build" / "screens"
WIDTHS = (360, 1280)
MESSAGES = (
    "welcome",
    "waiting",
    "unreachable",
    "busy",
    "signInEnded",
    "signedOut",
    "signInFailed",
    "notAllowed",
    "noCookies",
    "noStorage",
    "stillSignedIn",
    "unsupported",
    "broken",
)


@pytest.fixture(scope="package")
def axe() -> str:
    """axe-core's script."""
    modules = node_modules(Path(__file__).parent, lambda _: None)
    return (modules / "axe-core" / "axe.min.js").read_text("utf-8")


def examined(viewer: Viewer, axe: str, name: str) -> None:
    """Takes a screenshot, and expects no findings from axe-core."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    width = viewer.page.viewport_size["width"] if viewer.page.viewport_size else 0
    viewer.page.screenshot(path=SCREENS / f"{name}-{width}.png")
    viewer.page.evaluate(axe)
    found = viewer.page.evaluate("axe.run().then(({ violations }) => violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_message(window: OpenWindow, axe: str, width: int) -> None:
    """Each message with its button, regardless of what leads to it."""
    viewer = window(width, 800)
    viewer.open()
    viewer.shows("welcome")
    known = viewer.page.evaluate(
        "import('/strings.js').then(({ STRINGS }) => Object.keys(STRINGS.messages))"
    )
    assert sorted(known) == sorted(MESSAGES)
    for message in MESSAGES:
        viewer.page.evaluate(
            "(key) => import('/screen.js').then((screen) => screen.showMessage(key))", message
        )
        viewer.shows(message)
        examined(viewer, axe, message)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_message_of_a_page_that_does_not_start(
    window: OpenWindow, axe: str, width: int
) -> None:
    viewer = window(width, 800)
    viewer.page.route("**/main.js", lambda route: route.abort())
    viewer.open()
    viewer.until(lambda: viewer.page.get_by_role("link").is_visible(), what="the message")
    examined(viewer, axe, "failed")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_while_it_loads(window: OpenWindow, axe: str, width: int) -> None:
    viewer = window(width, 800)
    viewer.page.route("**/api/config", lambda _: None)  # never answered
    viewer.open()
    viewer.until(lambda: viewer.page.is_visible(".spinner"))
    examined(viewer, axe, "starting")


@pytest.mark.parametrize("width", [*WIDTHS, 1920])
def test_the_video(window: OpenWindow, axe: str, member: str, width: int) -> None:
    viewer = window(width, 1080 if width == 1920 else 800)
    viewer.sign_in(member)
    viewer.plays()
    viewer.show_controls()
    examined(viewer, axe, "watching")
    viewer.open_menu()
    examined(viewer, axe, "menu")
    for setting in ("Resolution", "Playback speed"):
        viewer.open_menu(setting)
        examined(viewer, axe, setting.replace(" ", "-"))
    viewer.open_menu("Statistics")
    viewer.show_controls()
    examined(viewer, axe, "statistics")
    viewer.page.keyboard.press("?")
    examined(viewer, axe, "keys")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_paused_video_with_a_notice(
    window: OpenWindow, axe: str, member: str, width: int
) -> None:
    viewer = window(width, 800)
    viewer.sign_in(member)
    viewer.plays()
    viewer.page.evaluate("import('/screen.js').then(({ notice }) => notice('signInEnded'))")
    viewer.page.keyboard.press(" ")
    viewer.page.keyboard.press("ArrowLeft")
    viewer.until(lambda: viewer.behind != "Live", what="being behind")
    examined(viewer, axe, "behind-with-notice")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_stalled_video(window: OpenWindow, axe: str, member: str, width: int) -> None:
    viewer = window(width, 800)
    viewer.sign_in(member)
    viewer.plays()
    viewer.page.route("**/*.m4s", lambda _: None)
    viewer.until(lambda: viewer.is_stalled, seconds=40, what="the stall")
    examined(viewer, axe, "buffering")


def test_the_spinner_is_still_with_reduced_motion(window: OpenWindow) -> None:
    viewer = window()
    viewer.page.emulate_media(reduced_motion="reduce")
    viewer.page.route("**/api/config", lambda _: None)
    viewer.open()
    viewer.until(lambda: viewer.page.is_visible(".spinner"))
    style = "getComputedStyle(document.querySelector('.spinner')).animationName"
    assert viewer.page.evaluate(style) == "none"
