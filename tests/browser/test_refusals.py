"""Errors: viewers who may not (or no longer) watch see what to do; others notice nothing."""

import json
import time
from email.utils import formatdate

import pytest

from tests.browser.conftest import COOKIE_SECONDS, OpenWindow
from tests.browser.previewed import Previewed
from tests.browser.viewer import PASSWORD, Viewer

HOUR = 3600


def test_a_tampered_cookie_is_rejected_and_replaced(watching: Viewer) -> None:
    segment = watching.segment()
    signature = watching.cookies()["CloudFront-Signature"]
    forged = signature["value"][:-8] + "AAAAAAA_"
    watching.put_cookie({**signature, "value": forged})
    assert watching.fetched(segment) == 403
    watching.plays(seconds=8)
    assert 403 in watching.media_statuses()
    assert watching.cookies()["CloudFront-Signature"]["value"] != forged


def test_an_expired_session_is_shown_and_can_be_renewed(
    preview: Previewed, viewer: Viewer, member: str
) -> None:
    """Also in a browser in which somebody has signed out before."""
    viewer.open()
    viewer.page.evaluate("localStorage.setItem('sign-out', 'earlier')")
    viewer.sign_in(member)
    viewer.plays()
    preview.skip(HOUR + 60)
    viewer.shows("signInEnded", seconds=COOKIE_SECONDS + 30)
    viewer.page.click("#act")
    viewer.page.get_by_label("Email address").fill(member)
    viewer.page.get_by_label("Password").fill(PASSWORD)
    viewer.page.get_by_role("button").click()
    viewer.plays()


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client"])
def test_a_refusal_of_new_tokens_ends_the_sign_in(viewer: Viewer, member: str, error: str) -> None:
    """An app client that was replaced, for instance."""
    viewer.sign_in(member)
    viewer.plays()
    viewer.page.route(
        "**/oauth2/token", lambda route: route.fulfill(status=400, json={"error": error})
    )
    viewer.page.evaluate("Date.now = ((now) => () => now() + 600_000)(Date.now.bind(Date))")
    viewer.shows("signInEnded", seconds=COOKIE_SECONDS + 30)


def test_a_disabled_viewer_loses_access_when_the_cookies_expire(
    preview: Previewed, window: OpenWindow
) -> None:
    password = preview.invite("disabled@example.com")
    viewer = window()
    viewer.open()
    viewer.begin_sign_in("disabled@example.com", password)
    viewer.change_password()
    viewer.plays()
    preview.disable("disabled@example.com")
    preview.skip(300)  # the access token's lifetime: the next cookies need another token
    viewer.shows("signInEnded", seconds=COOKIE_SECONDS + 30)


def test_a_viewer_without_access_sees_a_message(viewer: Viewer, member: str) -> None:
    viewer.page.route(
        "**/api/cookies",
        lambda route: route.fulfill(
            status=403, body=json.dumps({"field": "client_id", "message": "no"})
        ),
    )
    viewer.sign_in(member)
    viewer.shows("notAllowed")
    assert viewer.cookies() == {}
    viewer.page.unroute("**/api/cookies")
    viewer.page.click("#act")
    viewer.shows("welcome")


@pytest.mark.parametrize("body", ["<html>blocked</html>", json.dumps({"message": "Forbidden"})])
def test_a_firewall_that_refuses_once_is_asked_again(
    viewer: Viewer, member: str, body: str
) -> None:
    """AWS WAF answers with HTML at CloudFront, and with JSON at API Gateway."""
    viewer.page.route("**/api/cookies", lambda route: route.fulfill(status=403, body=body), times=1)
    viewer.sign_in(member)
    viewer.plays()


def test_a_viewer_whose_new_sign_in_is_not_accepted_is_not_sent_in_circles(
    viewer: Viewer, member: str
) -> None:
    viewer.page.route("**/api/cookies", lambda route: route.fulfill(status=401, body="{}"))
    viewer.sign_in(member)
    viewer.shows("notAllowed")
    viewer.page.unroute("**/api/cookies")
    viewer.page.click("#act")
    viewer.shows("welcome")
    viewer.page.click("#act")
    assert viewer.page.get_by_label("Password").is_visible()


def test_a_browser_without_cookies_shows_a_message(viewer: Viewer, member: str) -> None:
    now = time.time()
    answer = {"expires": now + COOKIE_SECONDS, "renewAfter": now + COOKIE_SECONDS / 2}
    viewer.page.route(
        "**/api/cookies",
        lambda route: route.fulfill(
            body=json.dumps(answer), headers={"Date": formatdate(now, usegmt=True)}
        ),
    )
    viewer.sign_in(member)
    viewer.shows("noCookies", seconds=30)


@pytest.mark.parametrize(("path", "hours"), [("/", -3), ("/#dash", 3)])
def test_a_wrong_clock_does_no_harm(window: OpenWindow, member: str, path: str, hours: int) -> None:
    """Cookies are renewed by the server's clock, and DASH gets the time from the manifest."""
    viewer = window()
    viewer.page.add_init_script(
        f"""const wrong = Date.now() - performance.now() + {hours * HOUR * 1000};
        const Right = Date;
        globalThis.Date = class extends Right {{
          constructor(...given) {{
            super(...(given.length ? given : [wrong + performance.now()]));
          }}
          static now() {{ return wrong + performance.now(); }}
        }};"""
    )
    viewer.sign_in(member, path)
    viewer.plays_smoothly(seconds=4)
    assert viewer.asked_for_cookies() == 1
    assert abs(viewer.page.evaluate("Date.now()") / 1000 - hours * HOUR) > HOUR
