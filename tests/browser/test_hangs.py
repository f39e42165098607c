"""Requests that are never answered: the page tells the viewer, tries again, and can be left."""

import functools
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route

from tests.browser.conftest import OpenWindow
from tests.browser.viewer import PASSWORD, Viewer

SIGN_OUT_SECONDS = 2
UNREACHABLE = "cannot be reached"


def held(_: Route) -> None:
    """Never answers."""


def failed(route: Route) -> None:
    """The network fails."""
    route.abort()


class First:
    """Handles the first requests of a route, each in its own way; the others pass."""

    def __init__(self, *handlers: Callable[[Route], None]) -> None:
        """One handler for each request."""
        self._handlers = list(handlers)

    @property
    def left(self) -> int:
        """How many requests it still handles."""
        return len(self._handlers)

    def __call__(self, route: Route) -> None:
        """Handles a request, if it is one of the first."""
        handle = self._handlers.pop(0) if self._handlers else Route.continue_
        handle(route)


def only(method: str, handle: Callable[[Route], None]) -> Callable[[Route], None]:
    """Handles the requests with one method; the others pass."""
    return lambda route: handle(route) if route.request.method == method else route.continue_()


def notice(viewer: Viewer) -> str:
    return viewer.page.inner_text("#notice-text")


def is_told(viewer: Viewer, within: float) -> None:
    """Waits for the notice."""
    viewer.until(lambda: UNREACHABLE in notice(viewer), within, "the notice")


def retry_later(route: Route) -> None:
    route.fulfill(status=503, headers={"Retry-After": "120"})


@pytest.mark.parametrize(
    ("path", "handle"),
    [
        ("**/api/cookies", only("GET", held)),
        ("**/api/cookies", only("GET", retry_later)),
        ("**/oauth2/revoke", held),
        ("**/oauth2/revoke", failed),
        ("**/out/**", held),
    ],
    ids=[
        "cookies hang",
        "cookies after two minutes",
        "revocation hangs",
        "... fails",
        "media hang",
    ],
)
def test_signing_out_does_not_wait(
    viewer: Viewer, member: str, path: str, handle: Callable[[Route], None]
) -> None:
    viewer.page.route(path, handle)
    viewer.sign_in(member)
    viewer.page.wait_for_timeout(1500)
    began = time.monotonic()
    with viewer.page.expect_request(re.compile("/logout")):
        viewer.page.click("#sign-out")
    assert time.monotonic() - began < SIGN_OUT_SECONDS
    viewer.shows("welcome")
    assert viewer.cookies() == {}
    assert viewer.page.evaluate("sessionStorage.length") == 0


def test_cookies_that_cannot_be_deleted_in_time_are_not_hidden(watching: Viewer) -> None:
    watching.page.route("**/api/cookies", only("DELETE", held))
    watching.page.click("#sign-out")
    watching.shows("stillSignedIn", seconds=SIGN_OUT_SECONDS)
    watching.page.unroute("**/api/cookies")
    watching.page.click("#act")
    watching.shows("welcome")
    assert watching.context.cookies() == []


def another_tab(viewer: Viewer, member: str) -> Viewer:
    """A tab of the same browser, which plays."""
    tab = Viewer.of(viewer.context, viewer.watch_address)
    tab.open()
    tab.shows("welcome")
    tab.page.click("#act")
    tab.until(lambda: tab.is_here() and tab.name() == member, what="the second tab's sign-in")
    tab.plays()
    return tab


def test_signing_out_ends_the_sign_in_of_every_tab(watching: Viewer, member: str) -> None:
    """Of one that plays, and of one that the viewer has left and returns to."""
    playing, left = another_tab(watching, member), another_tab(watching, member)
    left.page.goto("about:blank")
    revoked: list[str] = []
    playing.page.on("request", lambda request: _note(request, revoked))
    watching.page.click("#sign-out")
    watching.shows("welcome")
    playing.shows("signedOut", seconds=SIGN_OUT_SECONDS)
    assert playing.page.is_hidden("#account")
    assert playing.page.is_visible("#act")
    left.open()
    left.shows("signedOut")
    watching.page.wait_for_timeout(12_000)  # a tab that still plays notices, and requests cookies
    assert watching.context.cookies() == []
    for tab in (playing, left):
        assert tab.message == "signedOut"
        assert tab.page.evaluate("sessionStorage.length") == 0
    assert len(revoked) == 1


def _note(request: Request, revoked: list[str]) -> None:
    if "/oauth2/revoke" in request.url:
        revoked.append(request.url)


# The page believes that its first cookies expire sooner than they do.
SHORT_LIVED = """
const asked = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const answer = await asked(...given);
  if (given[0] !== "/api/cookies" || !answer.ok) return answer;
  globalThis.fetch = asked;
  const now = Date.parse(answer.headers.get("Date")) / 1000;
  const body = JSON.stringify({ expires: now + 14, renewAfter: now + 8 });
  return new Response(body, { headers: answer.headers });
};
"""


def test_a_renewal_that_hangs_is_told_and_repeated(viewer: Viewer, member: str) -> None:
    hold = First(Route.continue_, held)
    viewer.page.add_init_script(SHORT_LIVED)
    viewer.page.route("**/api/cookies", hold)
    viewer.sign_in(member)
    viewer.plays()
    is_told(viewer, within=20)
    viewer.until(lambda: viewer.asked_for_cookies() == 2, 15, "new cookies")
    viewer.plays(seconds=3)
    assert notice(viewer) == ""
    assert viewer.media_statuses().keys() == {200}


def test_requests_that_hang_while_the_page_starts_are_told_and_repeated(
    viewer: Viewer, member: str
) -> None:
    viewer.page.route("**/api/config", First(held))
    viewer.page.goto(viewer.watch_address, wait_until="commit")
    is_told(viewer, within=5)
    viewer.shows("welcome", seconds=15)
    assert notice(viewer) == ""
    viewer.page.route("**/oauth2/token", First(held))
    viewer.begin_sign_in(member, PASSWORD)
    viewer.until(lambda: viewer.is_here() and UNREACHABLE in notice(viewer), 8, "the notice")
    viewer.plays()


def _has_left(first: First, left: int) -> bool:
    return first.left == left


@pytest.mark.parametrize("name", ["oidc-client-ts", "shaka-player"])
def test_a_library_that_hangs_or_fails_is_loaded_again(
    viewer: Viewer, member: str, name: str
) -> None:
    """The page's timers are moved forward, instead of waiting for half a minute."""
    viewer.page.clock.install()
    first = First(held, failed)
    viewer.page.route(f"**/lib/{name}.js*", first)
    viewer.page.goto(viewer.watch_address, wait_until="commit")
    for left in (1, 0):
        viewer.until(functools.partial(_has_left, first, left), what="a request for the library")
        viewer.page.clock.run_for(31_000)
    viewer.shows("welcome")
    viewer.begin_sign_in(member, PASSWORD)
    viewer.plays()


@pytest.mark.parametrize(
    "handle",
    [failed, held, lambda route: route.fulfill(body="=", content_type="text/javascript")],
    ids=["fails", "hangs", "cannot be parsed"],
)
def test_a_module_that_does_not_load_is_told(
    viewer: Viewer, handle: Callable[[Route], None]
) -> None:
    viewer.page.clock.install()
    failing = [True]
    viewer.page.route(
        "**/renewal.js", lambda route: handle(route) if failing[0] else route.continue_()
    )
    viewer.page.goto(viewer.watch_address, wait_until="commit")
    viewer.until(lambda: viewer.has_fetched("/boot.js"), what="the script")
    viewer.page.wait_for_timeout(500)
    if handle is held:
        viewer.page.clock.run_for(21_000)
    link = viewer.page.get_by_role("link", name="Try again")
    viewer.until(link.is_visible, what="the message")
    failing[0] = False
    link.click()
    viewer.shows("welcome")
    viewer.problems.clear()  # that the module cannot be parsed


def test_blocked_storage_is_told(viewer: Viewer) -> None:
    viewer.page.add_init_script(
        """Object.defineProperty(globalThis, "sessionStorage", {
          get() { throw new DOMException("denied", "SecurityError"); },
        });"""
    )
    viewer.open()
    viewer.shows("noStorage")


def test_older_browsers_play_and_too_old_ones_are_told(window: OpenWindow, member: str) -> None:
    """Safari 15.4 lacks what came later; before, it lacked crypto.randomUUID."""
    older, too_old = window(), window()
    older.page.add_init_script(
        """for (const name of ["toSorted", "toReversed", "findLast", "toSpliced", "with"]) {
          delete Array.prototype[name];
        }
        delete AbortSignal.timeout;
        delete AbortSignal.any;
        delete Promise.withResolvers;
        delete Object.groupBy;"""
    )
    older.sign_in(member)
    older.plays()
    too_old.page.add_init_script("delete Crypto.prototype.randomUUID")
    too_old.open()
    too_old.shows("unsupported")


def test_a_page_restored_from_the_back_forward_cache_is_loaded_again(watching: Viewer) -> None:
    """Chromium's headless mode has no such cache, so its event is imitated."""
    with watching.page.expect_event("load"):
        watching.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
        )
    watching.plays()
