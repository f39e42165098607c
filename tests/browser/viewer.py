"""A viewer at the page: a browser's window, what it shows, and what went over the network."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import BrowserContext, Error, Page, Response

PASSWORD = "Correct-horse-7"
MEDIA = "/out/v1/"
# The page's policy forbids what Playwright's own waiting does (it evaluates text in the page).
POLL_MILLISECONDS = 50
# Media events do not bubble, but are seen on their way down.
OBSERVER = """
globalThis.observed = { waiting: [], firstFrame: null };
document.addEventListener("waiting", () => observed.waiting.push(performance.now()), true);
document.addEventListener("loadeddata", ({ target }) => {
  target.requestVideoFrameCallback((now) => { observed.firstFrame ??= now; });
}, true);
"""
VIDEO = "(() => { const video = document.getElementById('video'); return %s; })()"


@dataclass
class Viewer:
    """One person's window. Times are seconds, sizes pixels."""

    page: Page
    watch_address: str
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of every answer so far."""
    problems: list[str] = field(default_factory=list)
    """Exceptions of the page, and what the browser's policies forbade it."""

    @classmethod
    def of(cls, context: BrowserContext, watch_address: str) -> "Viewer":
        """A new window."""
        viewer = cls(context.new_page(), watch_address)
        viewer.page.add_init_script(OBSERVER)
        viewer.page.on("response", viewer._heard)
        viewer.page.on("pageerror", lambda error: viewer.problems.append(str(error)))
        viewer.page.on(
            "console",
            lambda said: (
                viewer.problems.append(said.text) if "Content Security" in said.text else None
            ),
        )
        return viewer

    def _heard(self, response: Response) -> None:
        host, _, path = response.url.partition("://")[2].partition("/")
        path = f"/{path.partition('?')[0]}" if host in self.watch_address else response.url
        self.answers.append((response.request.method, path, response.status))

    def close(self) -> None:
        """Closes the window and forgets the profile."""
        if not self.page.is_closed():
            self.page.unroute_all(behavior="ignoreErrors")
        self.context.close()

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def open(self, path: str = "/") -> None:
        """Goes to a path of the page's host."""
        self.page.goto(urljoin(self.watch_address, path))

    def until(self, holds: Callable[[], Any], seconds: float = 15, what: str = "") -> Any:
        """What the condition says once it holds; a page that is just being left says nothing."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(Error):
                if found := holds():
                    return found
            assert time.monotonic() < end, f"{what or 'it'} took too long; {self.state()}"
            self.page.wait_for_timeout(POLL_MILLISECONDS)

    def state(self) -> str:
        """What the page shows, for a person who reads a failure."""
        body = self.page.inner_text("body").replace("\n", " ")
        return f"{self.page.url.partition('?')[0]} shows: {body} | {self.answers[-12:]}"

    def shows(self, message: str, seconds: float = 15) -> None:
        """Waits until a message of strings.js fills the page."""
        self.until(lambda: self.message == message, seconds, f"the message {message}")

    @property
    def message(self) -> str | None:
        """The message that fills the page."""
        data = self.page.evaluate("({ ...document.body.dataset })")
        return data.get("message") if data.get("screen") == "message" else None

    def begin_sign_in(self, email: str, password: str) -> None:
        """From the page's button to the form, and sends it."""
        self.page.click("#act")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button").click()

    def change_password(self) -> None:
        """Chooses the password that lasts."""
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_label("The same again").fill(PASSWORD)
        self.page.get_by_role("button").click()

    def sign_in(self, email: str, path: str = "/") -> None:
        """Opens the page and signs in; ends when the page is there again and knows the viewer."""
        self.open(path)
        self.begin_sign_in(email, PASSWORD)
        self.until(lambda: self.is_here() and self.name() == email, what="signing in")

    def is_here(self) -> bool:
        """Whether the window is at the page, and not at the sign-in."""
        return self.page.url.startswith(self.watch_address)

    def name(self) -> str:
        """Whom the page says it is."""
        return self.page.text_content("#viewer") or ""

    def video(self, expression: str) -> Any:
        """What an expression says of the video element."""
        return self.page.evaluate(VIDEO % expression)

    @property
    def time(self) -> float:
        """Where in the stream the picture is."""
        return float(self.video("video.currentTime"))

    @property
    def buffered(self) -> float:
        """How far the picture could go on by itself."""
        return float(
            self.video(
                "video.buffered.length"
                " && video.buffered.end(video.buffered.length - 1) - video.currentTime"
            )
        )

    def first_frame(self) -> float:
        """When the first picture was there, in seconds of the page's time."""
        return float(self.until(lambda: self.page.evaluate("observed.firstFrame"))) / 1000

    @property
    def frames(self) -> int:
        """How many frames have been shown, or were to be."""
        return int(self.video("video.getVideoPlaybackQuality().totalVideoFrames"))

    def plays(self, seconds: float = 1.5, within: float = 25) -> None:
        """Waits until the picture is there and has gone on for so long."""
        self.until(
            lambda: self.page.is_visible("#video") and self.video("video.readyState") > 2,
            within,
            "the picture",
        )
        began = self.time
        self.until(lambda: self.time >= began + seconds, within, "playing on")

    def plays_smoothly(self, seconds: float) -> None:
        """Waits until the picture has gone on for so long, and has not stood after its start."""
        self.plays()
        before = len(self.waits())
        self.plays(seconds, within=2 * seconds)
        assert self.waits()[before:] == []

    def has_height(self, pixels: int) -> None:
        """Waits until the picture has that height.

        The preview's pixels are not quite square, for which the browser makes up by a pixel or two.
        """
        self.until(
            lambda: abs(int(self.video("video.videoHeight")) - pixels) <= 2,
            what=f"{pixels} pixels",
        )

    def waits(self) -> list[float]:
        """When the picture stood, in milliseconds of the page's time."""
        return list(self.page.evaluate("observed.waiting"))

    def fetched(self, address: str) -> int:
        """The status of an address when the page itself asks for it."""
        return int(
            self.page.evaluate(
                "(address) => fetch(address, { cache: 'no-store' }).then(({ status }) => status)",
                address,
            )
        )

    def cookies(self) -> dict[str, Any]:
        """The signed cookies that the browser holds, by name."""
        return {
            str(cookie["name"]): cookie
            for cookie in self.context.cookies()
            if str(cookie["name"]).startswith("CloudFront-")
        }

    def put_cookie(self, cookie: Any) -> None:
        """Replaces a cookie."""
        self.context.add_cookies([cookie])

    def media_statuses(self) -> Counter[int]:
        """How often media were answered with each status."""
        return Counter(status for _, path, status in self.answers if path.startswith(MEDIA))

    def asked_for_cookies(self) -> int:
        """How often cookies were asked for and given."""
        return self.answers.count(("GET", "/api/cookies", 200))

    def has_fetched(self, ending: str) -> bool:
        """Whether a path that ends so has been answered."""
        return any(path.endswith(ending) for _, path, _ in self.answers)

    def segment(self) -> str:
        """The path of a segment that has been played."""
        return next(
            path
            for _, path, status in reversed(self.answers)
            if path.startswith(MEDIA) and status == 200 and path.endswith((".m4s", ".mp4"))
        )
