"""A stream that has not begun, that ends, that is disturbed: the page goes by it."""

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.previewed import Previewed
from tests.browser.viewer import Viewer


def test_who_comes_early_waits_and_the_picture_comes_by_itself(
    preview: Previewed, viewer: Viewer, member: str
) -> None:
    preview.stop()
    viewer.sign_in(member)
    viewer.shows("waiting")
    preview.start()
    viewer.plays()


def test_when_the_channel_stops_the_page_waits_for_the_next_start(
    preview: Previewed, watching: Viewer
) -> None:
    preview.stop()
    watching.shows("waiting", seconds=40)
    assert watching.page.is_hidden("#video")
    preview.start()
    watching.plays()


@pytest.mark.parametrize("status", [404, 503])
def test_a_short_outage_of_the_origin_is_not_seen(
    preview: Previewed, watching: Viewer, status: int
) -> None:
    """It ends before the buffer does."""
    watching.until(lambda: watching.buffered > 3, what="a buffer")
    preview.fail(status, 2)
    watching.plays(seconds=8)
    assert status in watching.media_statuses()
    assert watching.message is None


@pytest.mark.parametrize(("status", "message"), [(404, "waiting"), (503, "unreachable")])
def test_a_long_outage_of_the_origin_is_told_and_passes(
    preview: Previewed, watching: Viewer, status: int, message: str
) -> None:
    preview.fail(status, 15)
    watching.shows(message, seconds=30)
    watching.plays(within=40)


def test_cookies_that_cannot_be_had_now_come_later(window: OpenWindow, member: str) -> None:
    viewer = window()
    viewer.page.route("**/api/cookies", lambda route: route.fulfill(status=503))
    viewer.sign_in(member)
    viewer.until(
        lambda: "cannot be reached" in viewer.page.inner_text("#notice-text"), what="the notice"
    )
    viewer.page.unroute("**/api/cookies")
    viewer.plays(within=40)
    assert viewer.page.inner_text("#notice-text") == ""
