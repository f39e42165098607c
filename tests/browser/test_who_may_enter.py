"""Who may enter, in a browser: groups, an existing pool, a provider, sign-up, rotated tokens."""

import contextlib
import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from preview.hosts.identity_providers import PACKAGE
from protected_stream.building import build
from protected_stream.config import Stream, load
from protected_stream.page import bundle
from tests.browser.conftest import COOKIE_SECONDS, STREAM, opened
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.viewer import PASSWORD, Viewer
from tests.conftest import STREAMS

pytestmark = pytest.mark.timeout(300)

Open = Callable[[], Viewer]


@contextlib.contextmanager
def running(
    viewers: dict[str, Any], folder: Path, playwright: Playwright
) -> Iterator[tuple[Previewed, Open]]:
    """A preview of a stream with these viewers, and what opens a window at its page."""
    build(Stream.model_validate({**STREAM, "viewers": viewers}), folder, lambda _: None)
    bundle.write(folder / "site", lambda _: None)
    file = folder / "template.json"
    template = json.loads(file.read_text("utf-8"))
    variables = template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"]
    variables.update(COOKIE_SECONDS=str(COOKIE_SECONDS), STEP_SECONDS="1")
    file.write_text(json.dumps(template), "utf-8")
    with previewed(file) as preview, opened(playwright, preview) as browser:

        def window() -> Viewer:
            return Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])

        yield preview, window


def options_of(example: str) -> dict[str, Any]:
    """The [viewers] of an example."""
    return load(STREAMS[example]).viewers.model_dump(mode="json")


def first_sign_in(viewer: Viewer, email: str, password: str) -> None:
    viewer.open()
    viewer.begin_sign_in(email, password)
    viewer.change_password()


def test_viewers_sign_up_and_watch_once_they_are_members(
    playwright: Playwright, tmp_path: Path
) -> None:
    with running(options_of("subscribers"), tmp_path, playwright) as (preview, window):
        guest = window()
        guest.open()
        guest.page.click("#act")
        guest.page.get_by_role("link", name="Create an account").click()
        guest.page.get_by_label("Email address").fill("guest@example.com")
        guest.page.get_by_label("New password").fill(PASSWORD)
        guest.page.get_by_label("Confirm password").fill(PASSWORD)
        guest.page.get_by_role("button").click()
        code = preview.type("mail guest@example.com", r"^mail").split()[1]
        guest.page.get_by_label("Code").fill(code)
        guest.page.get_by_role("button").click()
        guest.shows("notMember")
        assert "Your account may not watch this stream" in guest.page.inner_text("body")
        assert guest.cookies() == {}
        preview.type("join guest@example.com subscribers", r"^joined")
        guest.page.click("#act")
        guest.shows("welcome")
        guest.sign_in("guest@example.com")
        guest.plays()
        assert guest.problems == []


def test_a_viewer_of_an_existing_pool_watches(playwright: Playwright, tmp_path: Path) -> None:
    with running({"pool": "existing"}, tmp_path, playwright) as (preview, window):
        viewer = window()
        first_sign_in(viewer, EMAIL, preview.temporary_password)
        viewer.plays()
        assert viewer.name() == EMAIL
        assert viewer.problems == []


@pytest.mark.skipif(importlib.util.find_spec(PACKAGE) is None, reason=f"{PACKAGE} is not installed")
def test_a_viewer_signs_in_with_a_company_account(playwright: Playwright, tmp_path: Path) -> None:
    with running(options_of("company-login"), tmp_path, playwright) as (_, window):
        viewer = window()
        # the stand-in's style sheet, which is nobody's concern
        viewer.page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
        viewer.open()
        viewer.page.click("#act")
        viewer.page.get_by_role("link", name="Continue with Company").click()
        viewer.page.get_by_placeholder("sub").fill("employee@example.com")
        viewer.page.get_by_role("button", name="Authorize").click()
        viewer.plays()
        assert viewer.name() == "employee@example.com"
        hosts = ("login.example.com", "cdn.jsdelivr.net")
        assert not [one for one in viewer.problems if not any(host in one for host in hosts)]


def test_two_tabs_share_the_refresh_tokens_that_replace_each_other(
    playwright: Playwright, tmp_path: Path
) -> None:
    """The second tab does not renew until the token that it was copied with is useless."""
    options = {"rotate_refresh_tokens": True, "session_hours": 1}
    with running(options, tmp_path, playwright) as (preview, window):
        first = window()
        first_sign_in(first, EMAIL, preview.temporary_password)
        first.plays()
        with first.page.expect_popup() as popup:
            first.page.evaluate("window.open('/') && null")
        second = Viewer(popup.value, first.watch_address)
        second.plays()
        second.page.route("**/api/cookies", lambda route: route.abort())
        before = refresh_token(second)
        preview.skip(300)  # the access token's lifetime
        first.until(lambda: refresh_token(first) != before, 40, "another token")
        second.until(lambda: refresh_token(second) == refresh_token(first), 5, "the same token")
        preview.skip(70)  # the grace period of the former token
        second.page.unroute("**/api/cookies")
        second.plays(within=60)
        preview.skip(300)
        tokens = refresh_token(first)
        first.until(lambda: refresh_token(first) != tokens, 40, "a third token")
        first.plays(within=60)
        second.plays(within=60)
        assert first.message is None
        assert second.message is None


def refresh_token(viewer: Viewer) -> str:
    """The token in the tab's storage."""
    text = viewer.page.evaluate(
        "Object.entries(sessionStorage).find(([key]) => key.startsWith('oidc.user:'))?.[1]"
    )
    return str(json.loads(text or "{}").get("refresh_token"))
