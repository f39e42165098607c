"""Streams that have not started, that stop, and that have outages."""

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.previewed import Previewed
from tests.browser.viewer import Viewer


def test_an_early_viewer_waits_and_playback_starts_automatically(
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
    watching.choose("Resolution", watching.renditions()[-1])
    preview.stop()
    watching.shows("waiting", seconds=40)
    assert watching.page.is_hidden("#video")
    preview.start()
    watching.plays()
    assert watching.chosen("Resolution").startswith("Auto")


@pytest.mark.parametrize("status", [404, 503])
def test_a_short_outage_of_the_origin_is_not_noticeable(
    preview: Previewed, watching: Viewer, status: int
) -> None:
    """It ends before the buffer runs out."""
    watching.until(lambda: watching.buffered > 3, what="a buffer")
    preview.fail(status, 2)
    watching.plays(seconds=8)
    assert status in watching.media_statuses()
    assert watching.message is None


@pytest.mark.parametrize(("status", "message"), [(404, "waiting"), (503, "unreachable")])
def test_a_long_outage_of_the_origin_is_shown_and_ends(
    preview: Previewed, watching: Viewer, status: int, message: str
) -> None:
    preview.fail(status, 15)
    watching.shows(message, seconds=30)
    watching.plays(within=40)


def test_cookies_that_are_unavailable_now_are_requested_again(
    window: OpenWindow, member: str
) -> None:
    viewer = window()
    viewer.page.route("**/api/cookies", lambda route: route.fulfill(status=503))
    viewer.sign_in(member)
    viewer.until(lambda: "cannot be reached" in viewer.notice, what="the notice")
    viewer.page.unroute("**/api/cookies")
    viewer.plays(within=40)
    assert viewer.notice == ""
