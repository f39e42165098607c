"""Cookie renewal: cookies last one minute, and more than three minutes play without a stall."""

import time

import pytest

from tests.browser.conftest import COOKIE_SECONDS, OpenWindow
from tests.browser.previewed import Previewed
from tests.browser.viewer import Viewer

STARTING_MILLISECONDS = 15_000
"""After a page has loaded, its player may still wait: two windows start on one machine."""
WATCHED_SECONDS = 185
LEAST_RENEWALS = 3
LARGEST_BUFFER_SECONDS = 8
FRAMES_PER_SECOND = 30
# A key signs 15 minutes after a rotation: ten for the function's timeout, five for the grace period
# in the stream file. Time is skipped after the rotation so that the change happens during playback.
SECONDS_UNTIL_A_KEY_SIGNS = 900
SECONDS_UNTIL_THE_CHANGE = 60


@pytest.mark.timeout(2 * WATCHED_SECONDS)
def test_renewed_cookies_and_a_rotated_key_do_not_interrupt_playback(
    preview: Previewed, window: OpenWindow, member: str
) -> None:
    """The control: a window without renewal stalls."""
    preview.rotate()
    preview.skip(SECONDS_UNTIL_A_KEY_SIGNS - SECONDS_UNTIL_THE_CHANGE)
    renewing, abandoned = window(), window()
    for viewer in (renewing, abandoned):
        viewer.sign_in(member)
        viewer.plays()
    abandoned.page.route("**/api/cookies", lambda route: route.abort())
    first_key = _key(renewing)
    began, begun_at = time.monotonic(), renewing.time
    has_rotated_again = False
    while time.monotonic() < began + WATCHED_SECONDS:
        renewing.page.wait_for_timeout(1000)
        assert renewing.buffered <= LARGEST_BUFFER_SECONDS
        if not has_rotated_again and _key(renewing) != first_key:
            preview.rotate()  # during playback, with the other key signing
            has_rotated_again = True
    watched = time.monotonic() - began
    assert renewing.media_statuses().keys() == {200}
    assert [at for at in renewing.waits() if at > STARTING_MILLISECONDS] == []
    assert renewing.time - begun_at > 0.98 * watched
    assert renewing.asked_for_cookies() >= 1 + LEAST_RENEWALS
    assert has_rotated_again
    assert abandoned.asked_for_cookies() == 1
    # the stalled player's position still moves with the DVR window, so frames are counted
    most_frames = (COOKIE_SECONDS + 2 * LARGEST_BUFFER_SECONDS) * FRAMES_PER_SECOND
    assert 0 < abandoned.frames < most_frames
    assert renewing.frames > 0.95 * watched * FRAMES_PER_SECOND
    assert abandoned.is_stalled
    assert "cannot be reached" in abandoned.notice


def _key(viewer: Viewer) -> str:
    return str(viewer.cookies()["CloudFront-Key-Pair-Id"]["value"])
