"""A viewer of the page: a browser window, its content, and its network traffic."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import BrowserContext, Error, Locator, Page, Request, Response

PASSWORD = "Correct-horse-7"
MEDIA = "/out/v1/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)
# The page's Content-Security-Policy blocks Playwright's own waiting, which evaluates text.
POLL_MILLISECONDS = 50
# Media events do not bubble, but can be captured.
OBSERVER = """
globalThis.observed = { waiting: [], firstFrame: null };
document.addEventListener("waiting", () => observed.waiting.push(performance.now()), true);
document.addEventListener("loadeddata", ({ target }) => {
  target.requestVideoFrameCallback((now) => { observed.firstFrame ??= now; });
}, true);
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  console.error(`Content Security Policy: ${violatedDirective} blocked ${blockedURI}`);
});
"""
RENDITIONS = 6
"""Of the default ladder."""
LOCAL_SCHEMES = ("about", "blob", "data")
SIGN_IN_DOMAIN = ".amazoncognito.com"
CHOICE = ".shaka-sub-menu:not(.shaka-hidden) [role=radio]"
VIDEO = "(() => { const video = document.getElementById('video'); return %s; })()"


@dataclass
class Viewer:
    """A viewer's window. Times are in seconds, sizes in pixels."""

    page: Page
    watch_address: str
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of every response so far."""
    problems: list[str] = field(default_factory=list)
    """Exceptions of the page, Content-Security-Policy violations, and requests to other hosts than
    the page's and the sign-in's."""

    @classmethod
    def of(cls, context: BrowserContext, watch_address: str) -> "Viewer":
        """A new window."""
        viewer = cls(context.new_page(), watch_address)
        viewer.page.add_init_script(OBSERVER)
        viewer.page.on("request", viewer._asked)
        viewer.page.on("response", viewer._heard)
        viewer.page.on("pageerror", lambda error: viewer.problems.append(str(error)))
        viewer.page.on(
            "console",
            lambda said: (
                viewer.problems.append(said.text) if "Content Security" in said.text else None
            ),
        )
        return viewer

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        is_ours = parts.hostname == urlsplit(self.watch_address).hostname
        if parts.scheme in LOCAL_SCHEMES or is_ours:
            return
        if not (parts.hostname or "").endswith(SIGN_IN_DOMAIN):
            self.problems.append(f"request to another host: {request.url}")

    def _heard(self, response: Response) -> None:
        host, _, path = response.url.partition("://")[2].partition("/")
        path = f"/{path.partition('?')[0]}" if host in self.watch_address else response.url
        self.answers.append((response.request.method, path, response.status))

    def close(self) -> None:
        """Closes the window and deletes the profile."""
        if not self.page.is_closed():
            self.page.unroute_all(behavior="ignoreErrors")
        self.context.close()

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def open(self, path: str = "/") -> None:
        """Opens a path on the page's host."""
        self.page.goto(urljoin(self.watch_address, path))

    def until(self, holds: Callable[[], Any], seconds: float = 15, what: str = "") -> Any:
        """Waits for a true result of `holds`; errors during navigation are ignored."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(Error):
                if found := holds():
                    return found
            assert time.monotonic() < end, f"{what or 'it'} took too long; {self.state()}"
            self.page.wait_for_timeout(POLL_MILLISECONDS)

    def has_value(self, expression: str, value: Any) -> None:
        """Waits until an expression on the page has this value."""
        self.until(lambda: self.page.evaluate(expression) == value, what=expression)

    def state(self) -> str:
        """What the page shows, for failure messages."""
        body = self.page.inner_text("body").replace("\n", " ")
        return f"{self.page.url.partition('?')[0]} shows: {body} | {self.answers[-12:]}"

    def shows(self, message: str, seconds: float = 15) -> None:
        """Waits for a message from strings.js."""
        self.until(lambda: self.message == message, seconds, f"the message {message}")

    @property
    def message(self) -> str | None:
        """The key of the message on screen."""
        data = self.page.evaluate("({ ...document.body.dataset })")
        return data.get("message") if data.get("screen") == "message" else None

    def begin_sign_in(self, email: str, password: str) -> None:
        """Clicks the page's button, and fills in and submits the form."""
        self.page.click("#act")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button").click()

    def change_password(self) -> None:
        """Sets the permanent password."""
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_label("Confirm password").fill(PASSWORD)
        self.page.get_by_role("button").click()

    def sign_in(self, email: str, path: str = "/") -> None:
        """Opens the page and signs in; returns when the page shows the viewer's name."""
        self.open(path)
        self.begin_sign_in(email, PASSWORD)
        self.until(lambda: self.is_here() and self.name() == email, what="signing in")

    def is_here(self) -> bool:
        """Whether the window shows the page, not the sign-in."""
        return self.page.url.startswith(self.watch_address)

    def name(self) -> str:
        """The viewer's name on the page."""
        return self.page.text_content("#viewer") or ""

    def video(self, expression: str) -> Any:
        """The value of an expression about the video element."""
        return self.page.evaluate(VIDEO % expression)

    @property
    def time(self) -> float:
        """The playback position."""
        return float(self.video("video.currentTime"))

    @property
    def window(self) -> float:
        """The length of the DVR window."""
        start, end = self._seek_range()
        return end - start

    @property
    def seconds_behind(self) -> float:
        """How far behind the live edge the picture is, whatever the controls show."""
        return self._seek_range()[1] - self.time

    def _seek_range(self) -> tuple[float, float]:
        player = "document.getElementById('video').ui.getControls().getPlayer()"
        start, end = self.page.evaluate(
            f"(({{ start, end }}) => [start, end])({player}.seekRange())"
        )
        return start, end

    def picture_size(self) -> list[float]:
        """The width and height of the picture's box."""
        return list(
            self.page.evaluate(
                "(({ width, height }) => [width, height])"
                "(document.getElementById('picture').getBoundingClientRect())"
            )
        )

    @property
    def buffered(self) -> float:
        """Seconds that are buffered ahead of the playback position."""
        return float(
            self.video(
                "video.buffered.length"
                " && video.buffered.end(video.buffered.length - 1) - video.currentTime"
            )
        )

    def first_frame(self) -> float:
        """When the first frame was shown, in seconds of the page's time."""
        return float(self.until(lambda: self.page.evaluate("observed.firstFrame"))) / 1000

    @property
    def frames(self) -> int:
        """How many frames have been shown or dropped."""
        return int(self.video("video.getVideoPlaybackQuality().totalVideoFrames"))

    def plays(self, seconds: float = 1.5, within: float = 25) -> None:
        """Waits until the video has played for this long."""
        self.until(
            lambda: self.page.is_visible("#video") and self.video("video.readyState") > 2,
            within,
            "the video",
        )
        began = self.time
        self.until(lambda: self.time >= began + seconds, within, "playback")

    def plays_smoothly(self, seconds: float) -> None:
        """Waits until the video has played for this long without a stall.

        A machine that is busy with other tests may stall a player once; a player that stalls
        again and again never plays that long.
        """
        self.plays()
        end = time.monotonic() + 6 * seconds
        while True:
            before = len(self.waits())
            self.plays(seconds, within=2 * seconds)
            if len(self.waits()) == before:
                return
            assert time.monotonic() < end, f"stalled at {self.waits()}"

    def has_height(self, pixels: int) -> None:
        """Waits until the video has this height.

        The preview's pixels are not quite square, so the browser adjusts it by a pixel or two.
        """
        self.until(
            lambda: abs(int(self.video("video.videoHeight")) - pixels) <= 2,
            what=f"{pixels} pixels",
        )

    def show_controls(self) -> None:
        """Moves the pointer over the video, so that the controls appear."""
        self.page.hover("#picture")
        self.page.wait_for_timeout(2 * POLL_MILLISECONDS)
        self.page.hover("#picture", position={"x": 20, "y": 60})

    @property
    def behind(self) -> str:
        """The player's time: "Live", or how far behind that is."""
        self.show_controls()
        return self.page.inner_text("#live")

    def open_menu(self, setting: str = "") -> None:
        """Opens the player's menu, and in it the choices of a setting."""
        self.page.keyboard.press("Escape")
        self.show_controls()
        self.page.click(".shaka-overflow-menu-button")
        if setting:
            self._setting(setting).click()

    def _setting(self, name: str) -> Locator:
        return self.page.locator(".shaka-overflow-menu").get_by_role("button", name=name)

    def choices(self, setting: str) -> list[str]:
        """The choices of a setting in the player's menu, which stays open."""
        self.open_menu(setting)
        self.page.locator(CHOICE).first.wait_for()
        return self.page.locator(CHOICE).all_inner_texts()

    def renditions(self) -> list[str]:
        """The names of the default ladder's renditions in the player's menu, highest first.

        Shaka leaves out a rendition for a second if a segment of it was not there yet.
        """

        def offered() -> list[str]:
            names = [name for name in self.choices("Resolution") if name != "Auto"]
            return names if len(names) == RENDITIONS else []

        return list(self.until(offered, what="every rendition"))

    def chosen(self, setting: str) -> str:
        """The choice in effect, as the open menu of the settings tells it."""
        self.open_menu()
        name = self._setting(setting).locator("span").first.inner_text()
        text = self._setting(setting).inner_text().removeprefix(name)
        self.page.keyboard.press("Escape")
        return text.strip()

    def choose(self, setting: str, choice: str) -> None:
        """Chooses in the player's menu."""
        self.open_menu(setting)
        self.page.locator(CHOICE).get_by_text(choice, exact=True).click()
        self.page.keyboard.press("Escape")

    @property
    def is_stalled(self) -> bool:
        """Whether the player shows that it waits for media."""
        return self.page.is_visible(".shaka-spinner-container")

    @property
    def notice(self) -> str:
        """The notice over the video."""
        return self.page.inner_text("#notice-text")

    def waits(self) -> list[float]:
        """When the video stalled, in milliseconds of the page's time."""
        return list(self.page.evaluate("observed.waiting"))

    def fetched(self, address: str) -> int:
        """The status of a URL when the page itself requests it."""
        return int(
            self.page.evaluate(
                "(address) => fetch(address, { cache: 'no-store' }).then(({ status }) => status)",
                address,
            )
        )

    def cookies(self) -> dict[str, Any]:
        """The browser's signed cookies, by name."""
        return {
            str(cookie["name"]): cookie
            for cookie in self.context.cookies()
            if str(cookie["name"]).startswith("CloudFront-")
        }

    def put_cookie(self, cookie: Any) -> None:
        """Replaces a cookie."""
        self.context.add_cookies([cookie])

    def media_statuses(self) -> Counter[int]:
        """The number of media responses by status."""
        return Counter(status for _, path, status in self.answers if path.startswith(MEDIA))

    def asked_for_cookies(self) -> int:
        """How often cookies were requested and set."""
        return self.answers.count(("GET", "/api/cookies", 200))

    def has_fetched(self, ending: str) -> bool:
        """Whether there was a response for a path with this ending."""
        return any(path.endswith(ending) for _, path, _ in self.answers)

    def segment(self) -> str:
        """The path of a segment that has been played."""
        return next(
            path
            for _, path, status in reversed(self.answers)
            if path.startswith(MEDIA) and status == 200 and path.endswith((".m4s", ".mp4"))
        )
