"""Functions of the page's modules, called in the browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.previewed import Previewed
from tests.browser.viewer import Viewer


@pytest.fixture(scope="module")
def page(preview: Previewed, browser: Browser) -> Iterator[Viewer]:
    """The page, signed out; the calls in this module do not change its state."""
    viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
    viewer.open()
    viewer.shows("welcome")
    yield viewer
    viewer.close()


def asked(viewer: Viewer, module: str, call: str) -> Any:
    """The result of calling a module's function."""
    return viewer.page.evaluate(f"import('/{module}').then((module) => module.{call})")


@pytest.mark.parametrize(
    ("renew_in", "expires_in", "random", "seconds"),
    [
        (48, 60, 0, 48),
        (48, 60, 1, 51),
        (48, 60, 0.5, 49.5),
        (60, 50, 1, 60),  # an inconsistent response is not renewed before its own renewal time
    ],
)
def test_renewals_are_spread_over_a_quarter_of_the_time_left(
    page: Viewer, renew_in: int, expires_in: int, random: float, seconds: float
) -> None:
    times = f"{{ renewIn: {renew_in}, expiresIn: {expires_in} }}"
    assert asked(page, "renewal.js", f"renewalIn({times}, {random})") == seconds


@pytest.mark.parametrize(
    ("failure", "retry_after", "random", "seconds"),
    [
        (0, 0, 0, 0),
        (0, 0, 1, 1),
        (3, 0, 1, 8),
        (3, 5, 0.5, 9),
        (30, 0, 1, 30),
        (0, 3600, 0, 60),
        (30, 3600, 1, 90),
        (0, -5, 0, 0),
    ],
)
def test_pauses_double_up_to_half_a_minute_in_addition_to_a_minute_of_retry_after(
    page: Viewer, failure: int, retry_after: int, random: float, seconds: float
) -> None:
    call = f"pauseAfter({failure}, {retry_after}, {random})"
    assert asked(page, "retry.js", call) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("99999999999", 99999999999),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
        ("soon", 0),
        ("-1", 0),
        ("", 0),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(
    page: Viewer, value: str, seconds: int
) -> None:
    headers = f"{{ 'Retry-After': '{value}', Date: 'Wed, 21 Oct 2026 07:28:00 GMT' }}"
    assert asked(page, "api_error.js", f"retryAfter(new Headers({headers}))") == seconds


def test_waits_end_when_they_are_aborted(page: Viewer) -> None:
    seconds = page.page.evaluate(
        """async () => {
          const { sleep, stopwatch } = await import("/retry.js");
          const controller = new AbortController();
          setTimeout(() => controller.abort(), 50);
          const elapsed = stopwatch();
          await sleep(60, controller.signal);
          await sleep(60, controller.signal); // already aborted
          return elapsed();
        }"""
    )
    assert seconds < 1


def test_what_takes_longer_than_a_request_may_is_given_up(page: Viewer) -> None:
    call = "within('signOut', new Promise(() => {})).catch(({ name }) => name)"
    assert asked(page, "request.js", call) == "ErrorTimeout"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (75, "1:15"), (3600, "1:00:00"), (-3, "0:00")]
)
def test_durations_are_formatted_like_a_clock(page: Viewer, seconds: int, text: str) -> None:
    assert asked(page, "strings.js", f"clock({seconds})") == text


@pytest.mark.parametrize(("tag", "name"), [("de", "Deutsch"), ("en", "English"), ("?", "?")])
def test_languages_are_shown_by_their_own_names(page: Viewer, tag: str, name: str) -> None:
    assert asked(page, "strings.js", f"languageName('{tag}')") == name


def test_cookies_that_expired_while_the_computer_slept_are_renewed_before_use(
    page: Viewer,
) -> None:
    """The monotonic clock may stop during sleep; the other one shows the time."""
    answers = page.page.evaluate(
        """async () => {
          const { Renewal } = await import("/renewal.js");
          let asked = 0;
          const renewal = new Renewal({
            ask: async () => { asked += 1; return { expiresIn: 60, renewIn: 48 }; },
            onPermanentError() {}, onTrouble() {},
          });
          await renewal.start();
          await renewal.fresh();
          const before = asked;
          const now = Date.now;
          Date.now = () => now() + 3_600_000;
          await Promise.all([renewal.fresh(), renewal.fresh()]);
          Date.now = now;
          await renewal.stop();
          return [before, asked];
        }"""
    )
    assert answers == [1, 2]
