"""Every state of the page, in every size and brand: layout, accessibility, and screenshots.

Accessibility is checked by axe-core: https://github.com/dequelabs/axe-core .
`python -m tests.browser.contact_sheet` puts the screenshots, build/screens, on one page.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from protected_stream.page.node_packages import node_modules
from tests.browser import brands
from tests.browser.conftest import OpenWindow
from tests.browser.previewed import Previewed
from tests.browser.screenshots import emptied
from tests.browser.viewer import PHONE, Viewer

MEASURE = (Path(__file__).parent / "layout.js").read_text("utf-8")
MESSAGES = (
    "welcome",
    "waiting",
    "unreachable",
    "busy",
    "signInEnded",
    "signedOut",
    "signInFailed",
    "notAllowed",
    "notMember",
    "noCookies",
    "noStorage",
    "stillSignedIn",
    "unsupported",
    "broken",
)
TOUCH = {"has_touch": True, "is_mobile": True, "user_agent": PHONE}
SIZES: dict[str, dict[str, Any]] = {
    "360x740": {"width": 360, "height": 740, **TOUCH},
    "740x360": {"width": 740, "height": 360, **TOUCH},
    "1280x800": {"width": 1280, "height": 800},
    "1920x1080": {"width": 1920, "height": 1080},
    "zoomed": {"width": 640, "height": 400, "device_scale_factor": 2},
}
"""The last is a window of 1280 by 800 pixels at 200 %."""
LOW = ("740x360", "zoomed")
"""Windows that the picture fills."""
BRANDS = {"default": brands.PLAIN, "german": brands.GERMAN, "long": brands.LONG}
MILLISECONDS_OF_A_DOUBLE_TAP = 700
SCREEN = "([call, key]) => import('/screen.js').then((screen) => screen[call](key, () => {}))"
LEAVE = """document.querySelector(".shaka-video-container")
  .dispatchEvent(new MouseEvent("mouseleave"))"""
AXE = """axe.run(document, { resultTypes: ["violations"], preload: false }).then(
  ({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script."""
    modules = node_modules(Path(__file__).parent, lambda _: None)
    return (modules / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The files of each brand."""
    long = brands.in_long_words(tmp_path_factory.mktemp("long"))
    folders = {"long": long}
    return {
        name: brands.site(brand, folders.get(name, brands.WEB)) for name, brand in BRANDS.items()
    }


@dataclass
class Tour:
    """One window that goes through the states."""

    viewer: Viewer
    size: str
    folder: Path
    """Where the screenshots go."""
    axe: str
    """axe-core's script."""
    states: list[str] = field(default_factory=list)
    """The names of the states so far."""
    findings: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    """The names of the messages, by their texts."""

    @property
    def is_phone(self) -> bool:
        return bool(SIZES[self.size].get("has_touch"))

    def every_state(self, session: str) -> None:
        """Goes through all of them."""
        self.starting_and_messages()
        for page in ("404.html", "login.html"):
            self.viewer.open(page)
            self.look(page.removesuffix(".html"))
        self.watching(session)

    def look(self, state: str, message: str = "") -> None:
        """Takes a screenshot, measures the page, and runs axe-core.

        Args:
            state: its name.
            message: the name of the message whose text is on screen, the only one.
        """
        page = self.viewer.page
        path = self.folder / f"{len(self.states):02}-{state}.jpg"
        page.screenshot(path=path, type="jpeg", quality=70, scale="css")
        self.states.append(state)
        width, height = SIZES[self.size]["width"], SIZES[self.size]["height"]
        measured = page.evaluate(
            MEASURE, {"width": width, "height": height, "fills": self.size in LOW}
        )
        found = measured["findings"]
        told = Counter(self.messages[text] for text in measured["texts"] if text in self.messages)
        if told != ({message: 1} if message else {}):
            found.append(f"messages on screen: {dict(told)} instead of {message!r}")
        page.evaluate(self.axe)
        found += page.evaluate(AXE)
        self.findings += [f"{state}: {one}" for one in found]

    def learn(self) -> None:
        """Reads the strings."""
        strings = self.viewer.page.evaluate("import('/strings.js').then(({ STRINGS }) => STRINGS)")
        self.messages = {one["text"]: key for key, one in strings["messages"].items()}
        assert sorted(self.messages.values()) == sorted(MESSAGES)

    def call(self, function: str, key: str | None) -> None:
        """Calls a function of screen.js."""
        self.viewer.page.evaluate(SCREEN, [function, key])

    def starting_and_messages(self) -> None:
        """What a viewer sees before signing in."""
        viewer = self.viewer
        viewer.page.route("**/api/config", lambda _: None)  # never answered
        viewer.open()
        viewer.until(lambda: viewer.page.is_visible(".spinner"), what="the spinner")
        self.learn()
        self.look("starting")
        self.call("notice", "busy")
        self.look("starting-notice", "busy")
        viewer.page.unroute("**/api/config")
        viewer.page.route("**/main.js", lambda route: route.abort())
        viewer.open()
        viewer.until(lambda: viewer.page.is_visible("[data-on=failed]"), what="the failed start")
        self.look("failed")
        viewer.page.unroute("**/main.js")
        viewer.open()
        viewer.shows("welcome")
        for key in MESSAGES:
            self.call("showMessage", key)
            self.look(f"message-{key}", key)

    def show_controls(self) -> None:
        """Moves the pointer over the video, or taps it."""
        self.viewer.until(self._are_controls_shown, what="the controls")

    def _are_controls_shown(self) -> bool:
        page = self.viewer.page
        bar = page.locator(".shaka-controls-container")
        if not self.is_phone:
            self.viewer.show_controls()
        elif bar.get_attribute("shown") != "true":
            page.touchscreen.tap(SIZES[self.size]["width"] / 3, 130)
            page.wait_for_timeout(MILLISECONDS_OF_A_DOUBLE_TAP)
        return bar.get_attribute("shown") == "true"

    def hide_controls(self) -> None:
        """Moves the pointer off the video, or waits after a tap."""
        page = self.viewer.page
        page.evaluate(LEAVE)
        page.locator(".shaka-controls-container:not([shown])").wait_for(state="attached")

    def open_menu(self, setting: str = "") -> None:
        """Opens the player's menu, and in it the choices of a setting."""
        self.viewer.page.keyboard.press("Escape")
        self.show_controls()
        self.viewer.page.click(".shaka-overflow-menu-button")
        if setting:
            self.viewer.page.click(f".shaka-overflow-menu .shaka-{setting}-button")

    def watching(self, session: str) -> None:
        """The video, with all that can lie over it."""
        viewer = self.viewer
        viewer.page.evaluate(f"Object.assign(sessionStorage, {session})")
        viewer.open()
        viewer.plays()
        self.show_controls()
        self.look("watching")
        self.call("notice", "signInEnded")
        self.show_controls()
        self.look("watching-notice", "signInEnded")
        self.call("notice", None)
        self._panels()
        self._paused_and_stalled()

    def _panels(self) -> None:
        """The menu, the statistics, the keys."""
        keyboard = self.viewer.page.keyboard
        self.open_menu()
        self.look("menu")
        for setting in ("resolution", "playbackrate"):
            self.open_menu(setting)
            self.look(f"menu-{setting}")
        self.open_menu("statistics")
        keyboard.press("Escape")
        self.show_controls()
        self.look("statistics")
        self.open_menu("statistics")
        keyboard.press("Escape")
        keyboard.press("?")
        self.look("keys")
        keyboard.press("Escape")
        self.hide_controls()
        self.look("controls-hidden")

    def _paused_and_stalled(self) -> None:
        viewer, keyboard = self.viewer, self.viewer.page.keyboard
        viewer.until(lambda: viewer.window > 15, seconds=30)
        keyboard.press("k")
        keyboard.press("ArrowLeft")
        self.show_controls()
        viewer.until(lambda: viewer.page.get_attribute("#live", "data-live") == "false")
        self.look("paused-behind-live")
        keyboard.press("k")
        viewer.page.route("**/*.m4s", lambda _: None)
        keyboard.press("Home")
        viewer.until(lambda: viewer.video("video.readyState < 3"), what="the stall")
        self.show_controls()
        self.look("stalled")


@pytest.fixture(scope="module")
def headers(browser: Browser, preview: Previewed) -> dict[str, str]:
    """The headers of the page itself."""
    page = browser.new_page()
    response = page.goto(preview.outputs["WatchAddress"])
    assert response
    found = {name: value for name, value in response.all_headers().items() if "policy" in name}
    page.close()
    assert "content-security-policy" in found
    return found


@pytest.fixture
def session(browser: Browser, preview: Previewed, member: str) -> str:
    """What the page stores of a sign-in; redirects would lead to the preview's own brand."""
    context = browser.new_context()
    viewer = Viewer.of(context, preview.outputs["WatchAddress"])
    viewer.sign_in(member)
    found = viewer.page.evaluate("JSON.stringify(sessionStorage)")
    context.close()
    return str(found)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("brand", BRANDS)
def test_every_state(
    window: OpenWindow,
    session: str,
    axe: str,
    sites: dict[str, dict[str, bytes]],
    headers: dict[str, str],
    size: str,
    brand: str,
) -> None:
    viewer = window(**SIZES[size])
    brands.serve(viewer.context, sites[brand], headers)
    tour = Tour(viewer, size, emptied(brand, size), axe)
    tour.every_state(session)
    assert "\n".join(tour.findings) == ""


def test_the_spinner_is_still_with_reduced_motion(viewer: Viewer) -> None:
    viewer.page.emulate_media(reduced_motion="reduce")
    viewer.page.route("**/api/config", lambda _: None)
    viewer.open()
    viewer.until(lambda: viewer.page.is_visible(".spinner"))
    style = "getComputedStyle(document.querySelector('.spinner')).animationName"
    assert viewer.page.evaluate(style) == "none"
