"""Throttling: other clients use up the API's request limit, and viewers still get in and watch."""

import http.client
import json
import random
import re
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import Stream
from protected_stream.page import bundle
from tests.browser.conftest import COOKIE_SECONDS, STREAM, opened
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.viewer import Viewer

LIMIT = 1
"""Requests per second; one machine cannot send the default, 200, beside its own encoder."""
MANY = 10 * LIMIT
"""Requests per second that leave hardly any for others."""


class Flood:
    """One client that requests a path at random times until it is closed."""

    def __init__(self, preview: Previewed, path: str, per_second: float) -> None:
        """Does not send anything yet."""
        self._host = urlsplit(preview.outputs["WatchAddress"]).netloc
        self._port = int(re.findall(r"127\.0\.0\.1:(\d+) URL", "\n".join(preview.lines))[0])
        self._path, self.per_second = path, per_second
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        self._thread.start()
        time.sleep(2)  # until the bucket is empty
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _send(self) -> None:
        context = ssl._create_unverified_context()  # noqa: S323 - the preview's own certificate
        chance = random.Random(1)  # noqa: S311 - a test's clients, which come at random times
        while not self._ended.wait(chance.expovariate(self.per_second)):
            line = http.client.HTTPSConnection("127.0.0.1", self._port, context=context)
            line.request("GET", self._path, headers={"Host": self._host})
            line.getresponse().read()
            line.close()


@pytest.fixture
def throttled(tmp_path: Path, _programs: None) -> Iterator[Previewed]:
    """A preview with a low request limit and cookies that last one minute."""
    limits = {"requests_per_second": LIMIT, "burst": LIMIT}
    build(Stream.model_validate({**STREAM, "api": limits}), tmp_path, lambda _: None)
    bundle.write(tmp_path / "site", lambda _: None)
    template = json.loads((tmp_path / "template.json").read_text("utf-8"))
    for resource in template["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if "COOKIE_SECONDS" in variables:
            variables.update(COOKIE_SECONDS=str(COOKIE_SECONDS), STEP_SECONDS="1")
    (tmp_path / "template.json").write_text(json.dumps(template), "utf-8")
    with previewed(tmp_path / "template.json") as running:
        yield running


@pytest.mark.timeout(400)
def test_a_throttled_viewer_gets_in_and_keeps_watching(
    playwright: Playwright, throttled: Previewed
) -> None:
    with opened(playwright, throttled) as browser:
        viewer = Viewer.of(browser.new_context(), throttled.outputs["WatchAddress"])
        with Flood(throttled, "/api/config", LIMIT):
            viewer.open()
            viewer.shows("welcome", seconds=90)
        viewer.begin_sign_in(EMAIL, throttled.temporary_password)
        viewer.change_password()
        viewer.plays()
        with Flood(throttled, "/api/cookies", MANY) as flood:
            viewer.until(lambda: _throttled(viewer), 2 * COOKIE_SECONDS, "a throttled renewal")
            # of the half dozen attempts before the cookies expire, one must find a free place
            flood.per_second = LIMIT / 4
            renewed = viewer.asked_for_cookies()
            viewer.until(lambda: viewer.asked_for_cookies() > renewed, COOKIE_SECONDS, "a renewal")
            assert viewer.notice == ""
        # until the first cookies have expired
        viewer.plays(seconds=COOKIE_SECONDS / 2, within=COOKIE_SECONDS)
        assert viewer.media_statuses().keys() == {200}
        assert viewer.problems == []
        viewer.close()


def _throttled(viewer: Viewer) -> bool:
    return ("GET", "/api/cookies", 429) in viewer.answers


@pytest.mark.parametrize("status", [429, 503])
def test_settings_that_are_unavailable_now_are_requested_again(viewer: Viewer, status: int) -> None:
    viewer.page.route(
        "**/api/config",
        lambda route: route.fulfill(status=status, headers={"Retry-After": "4"}),
    )
    viewer.open()
    viewer.until(lambda: viewer.notice, what="the reason")
    asked = len([path for _, path, _ in viewer.answers if path == "/api/config"])
    assert asked <= 2  # the preload, too; the next one is 4 seconds later
    viewer.page.unroute("**/api/config")
    viewer.shows("welcome")
    assert viewer.notice == ""


def test_settings_are_requested_again_after_a_network_failure(viewer: Viewer) -> None:
    viewer.page.route("**/api/config", lambda route: route.abort())
    viewer.open()
    viewer.until(lambda: "cannot be reached" in viewer.notice, what="the reason")
    viewer.page.unroute("**/api/config")
    viewer.shows("welcome", seconds=30)


def test_settings_that_do_not_exist_are_not_requested_again(viewer: Viewer) -> None:
    viewer.page.route("**/api/config", lambda route: route.fulfill(status=404))
    viewer.open()
    viewer.shows("broken")


def test_trouble_that_ends_at_once_is_not_shown(viewer: Viewer, member: str) -> None:
    shown: list[str] = []
    statuses = iter([503])

    def answered(route: object) -> None:
        status = next(statuses, None)
        if status is None:
            route.continue_()  # type: ignore[attr-defined]  # Playwright's Route
        else:
            route.fulfill(status=status)  # type: ignore[attr-defined]

    viewer.page.route("**/api/cookies", answered)
    viewer.sign_in(member)

    def got_cookies() -> bool:
        shown.append(viewer.notice)
        return viewer.asked_for_cookies() == 1

    viewer.until(got_cookies, what="the cookies")
    assert set(shown) == {""}
