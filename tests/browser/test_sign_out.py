"""Sign-out: the browser has no cookies or tokens left, and no access."""

from tests.browser.previewed import Previewed
from tests.browser.viewer import PASSWORD, Viewer


def test_after_sign_out_the_browser_has_no_data_and_no_access(
    preview: Previewed, watching: Viewer
) -> None:
    segment = watching.segment()
    assert len(watching.cookies()) == 4
    watching.page.click("#sign-out")
    watching.shows("welcome")
    assert watching.context.cookies() == []
    assert watching.page.evaluate("sessionStorage.length") == 0
    assert watching.fetched(segment) == 403
    assert watching.fetched(preview.outputs["HlsManifest"]) == 403
    preview.said("signed out")


def test_after_sign_out_the_viewer_must_sign_in_again(watching: Viewer) -> None:
    watching.page.click("#sign-out")
    watching.shows("welcome")
    watching.page.click("#act")
    assert watching.page.get_by_label("Password").is_visible()


def test_a_tab_that_is_restored_later_leaves_a_newer_sign_in_alone(
    watching: Viewer, member: str
) -> None:
    """Such as one that a phone has discarded: it has its sign-in, but watches nothing."""
    stored = watching.page.evaluate("JSON.stringify(sessionStorage)")
    watching.page.click("#sign-out")
    watching.shows("welcome")
    watching.begin_sign_in(member, PASSWORD)
    watching.plays()
    segment = watching.segment()
    restored = watching.context.new_page()
    restored.goto(f"{watching.watch_address}404.html")
    restored.evaluate(f"Object.assign(sessionStorage, {stored})")
    restored.goto(watching.watch_address)
    restored.locator("[data-message=signedOut]").wait_for()
    restored.wait_for_timeout(1000)
    restored.close()
    assert watching.fetched(segment) == 200
    watching.plays()


def test_a_failed_sign_out_can_be_retried(watching: Viewer) -> None:
    watching.page.route("**/api/cookies", lambda route: route.abort())
    watching.page.click("#sign-out")
    watching.shows("stillSignedIn")
    watching.page.unroute("**/api/cookies")
    watching.page.click("#act")
    watching.shows("welcome")
    assert watching.context.cookies() == []
