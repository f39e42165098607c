"""Signing out: the browser holds nothing any more, and nothing opens."""

from tests.browser.previewed import Previewed
from tests.browser.viewer import Viewer


def test_after_sign_out_the_browser_holds_nothing_and_gets_nothing(
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


def test_who_signs_out_must_sign_in_again(watching: Viewer) -> None:
    watching.page.click("#sign-out")
    watching.shows("welcome")
    watching.page.click("#act")
    assert watching.page.get_by_label("Password").is_visible()


def test_signing_out_without_the_network_can_be_tried_again(watching: Viewer) -> None:
    watching.page.route("**/api/cookies", lambda route: route.abort())
    watching.page.click("#sign-out")
    watching.shows("stillSignedIn")
    watching.page.unroute("**/api/cookies")
    watching.page.click("#act")
    watching.shows("welcome")
    assert watching.context.cookies() == []
