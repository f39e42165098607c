"""A page of another site plays the stream in a Chromium that blocks third-party cookies."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.test_own_domain import COOKIE_SECONDS, beside, built, plays
from tests.browser.viewer import PASSWORD, Viewer

PARTNER, OTHER = "https://www.example.org/", "https://www.example.net/"
BLOCKS = "--test-third-party-cookie-phaseout"
"""Chromium then sends no cookie to another site unless it is partitioned.

https://developer.chrome.com/docs/privacy-sandbox/third-party-cookie-phase-out/prepare
"""
READ = """(url) => fetch(url, { credentials: "include" })
  .then((answer) => answer.status, () => "refused")"""
SIGN_OUT = """(url) => fetch(url, { method: "DELETE", credentials: "include" })
  .then((answer) => answer.status)"""


@pytest.fixture(scope="module")
def folder(_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build of a stream at CloudFront's own name, with short cookies."""
    sites = {"allowed_other_sites": [PARTNER.removesuffix("/")]}
    return built(tmp_path_factory.mktemp("other-site"), sites)


@pytest.fixture(scope="module")
def preview(folder: Path) -> Iterator[Previewed]:
    with previewed(folder / "template.json") as running:
        yield running


@pytest.fixture(scope="module")
def stream(preview: Previewed) -> str:
    """The origin of the stream."""
    return f"https://{urlsplit(preview.outputs['WatchAddress']).netloc}"


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, preview: Previewed, folder: Path, stream: str
) -> Iterator[Browser]:
    pages = (PARTNER, OTHER)
    with beside(
        playwright, preview, folder / "site", pages, stream=stream, flags=(BLOCKS,)
    ) as shared:
        yield shared


def signed_in(browser: Browser, preview: Previewed) -> Page:
    """A page of the partner that plays; the first time, the viewer changes the password before."""
    context = browser.new_context()
    first = Viewer(context.new_page(), preview.outputs["WatchAddress"])
    first.open()
    first.begin_sign_in(EMAIL, preview.temporary_password)
    first.change_password()
    first.plays()
    page = browser.new_context().new_page()
    page.goto(PARTNER)
    page.click("#sign-in")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    plays(page, 1.5 * COOKIE_SECONDS)
    context.close()
    return page


def test_a_page_of_another_site_plays_and_signs_out(
    browser: Browser, preview: Previewed, stream: str
) -> None:
    """Longer than the first cookies last; its cookies are for that site, and for no other."""
    page = signed_in(browser, preview)
    assert page.url == PARTNER
    manifest = preview.outputs["HlsManifest"]
    assert page.evaluate(READ, manifest) == 200
    held = [one for one in page.context.cookies() if "CloudFront" in str(one.get("name"))]
    assert {one["sameSite"] for one in held} == {"None"}
    assert {one.get("partitionKey") for one in held} == {PARTNER.replace("www.", "").rstrip("/")}

    # neither a page that is not allowed nor the stream's own page has these cookies
    elsewhere = page.context.new_page()
    elsewhere.goto(OTHER)
    assert elsewhere.evaluate(READ, manifest) == "refused"
    elsewhere.goto(preview.outputs["WatchAddress"])
    assert elsewhere.evaluate(READ, manifest) == 403

    page.evaluate("for (let id = setTimeout(() => {}, 0); id > 0; id -= 1) clearTimeout(id)")
    assert page.evaluate(SIGN_OUT, f"{stream}/api/cookies") == 204
    assert page.evaluate(READ, manifest) in (403, "refused")
    assert not [one for one in page.context.cookies() if "CloudFront" in str(one.get("name"))]
    page.context.close()
