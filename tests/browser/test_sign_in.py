"""Sign-in: from the first visit to playback, and requests that are rejected."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Request

from tests.browser.previewed import Previewed
from tests.browser.viewer import PASSWORD, Viewer


def media(preview: Previewed) -> dict[str, str]:
    """A manifest of each kind, and a segment."""
    hls = preview.outputs["HlsManifest"]
    return {
        "hls": hls,
        "dash": preview.outputs["DashManifest"],
        "segment": f"{hls.rpartition('/')[0]}/segment_1.m4s",
    }


@pytest.mark.parametrize("kind", ["hls", "dash", "segment"])
def test_before_sign_in_media_requests_are_403(
    preview: Previewed, viewer: Viewer, kind: str
) -> None:
    viewer.open()
    viewer.shows("welcome")
    assert viewer.fetched(media(preview)[kind]) == 403


@pytest.mark.parametrize("path", ["/", "/login.html"])
def test_the_welcome_page_has_one_button(viewer: Viewer, path: str) -> None:
    """Bookmarks of login.html lead there, too."""
    viewer.open(path)
    viewer.shows("welcome")
    assert viewer.page.url == viewer.watch_address
    assert viewer.page.get_by_role("button").all_inner_texts() == ["Sign in"]


def test_an_invited_viewer_changes_the_password_and_watches(
    preview: Previewed, viewer: Viewer
) -> None:
    password = preview.invite("invited@example.com")
    viewer.open()
    viewer.begin_sign_in("invited@example.com", password)
    assert viewer.page.get_by_label("New password").is_visible()
    viewer.change_password()
    viewer.plays()
    assert viewer.name() == "invited@example.com"
    preview.said("signed in.*invited@example.com")


def test_the_url_is_clean_after_sign_in(watching: Viewer) -> None:
    assert watching.page.evaluate("location.href") == watching.watch_address


def test_the_sign_in_request_has_pkce_state_and_nonce(viewer: Viewer) -> None:
    viewer.open()
    viewer.shows("welcome")
    with viewer.page.expect_request(re.compile("/oauth2/authorize")) as asked:
        viewer.page.click("#act")
    query = parse_qs(urlsplit(asked.value.url).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"code_challenge", "state", "nonce"} <= query.keys()
    assert query["lang"] == ["en"]


def test_a_response_to_another_tabs_request_is_ignored(viewer: Viewer) -> None:
    """An injected authorization code does not sign the viewer in (RFC 9700, section 4.7)."""
    viewer.open("/?code=somebody-elses&state=never-asked")
    viewer.shows("welcome")
    assert viewer.page.evaluate("location.search") == ""
    assert not [path for _, path, _ in viewer.answers if "/oauth2/token" in path]


@pytest.mark.parametrize("kept", ["nonce", "code_verifier"])
def test_a_response_that_does_not_match_the_request_is_rejected(
    viewer: Viewer, member: str, kept: str
) -> None:
    """The request data in the tab is changed just before the response is checked."""
    viewer.page.add_init_script(
        f"""if (location.search.includes("code=")) {{
          for (const [key, text] of Object.entries(sessionStorage)) {{
            const request = JSON.parse(text);
            if (request.{kept}) {{
              request.{kept} = "another-".repeat(8);
              sessionStorage[key] = JSON.stringify(request);
            }}
          }}
        }}"""
    )
    viewer.open()
    viewer.begin_sign_in(member, PASSWORD)
    viewer.shows("signInFailed")
    assert viewer.asked_for_cookies() == 0
    assert viewer.cookies() == {}


CORS = {"Access-Control-Allow-Origin": "*"}


@pytest.mark.parametrize(
    ("answer", "notice"),
    [({"status": 429, "headers": CORS}, "Too many viewers"), (None, "reached")],
)
def test_a_sign_in_that_cannot_be_completed_now_is_completed_later(
    viewer: Viewer, member: str, answer: dict[str, object] | None, notice: str
) -> None:
    """Cognito throttles, or there is no network."""
    viewer.page.route(
        "**/oauth2/token",
        lambda route: route.fulfill(**answer) if answer else route.abort(),
    )
    viewer.open()
    viewer.begin_sign_in(member, PASSWORD)
    viewer.until(
        lambda: viewer.is_here() and notice in viewer.page.inner_text("#notice-text"),
        what="the reason",
    )
    viewer.page.unroute("**/oauth2/token")
    viewer.plays(within=40)


def test_a_new_sign_in_replaces_one_that_is_no_longer_accepted(viewer: Viewer, member: str) -> None:
    viewer.sign_in(member)
    viewer.plays()
    redeemed: list[str] = []
    viewer.page.route(
        "**/api/cookies",
        lambda route: route.continue_() if redeemed else route.fulfill(status=401, body="{}"),
    )
    viewer.page.reload()
    viewer.shows("signInEnded")
    viewer.page.on("request", lambda request: _note_code(request, redeemed))
    viewer.page.click("#act")
    viewer.plays()


def _note_code(request: Request, redeemed: list[str]) -> None:
    if "/oauth2/token" in request.url and "authorization_code" in (request.post_data or ""):
        redeemed.append(request.url)
