"""A stream at a domain of its own, in Chromium: its other names, and a page beside it."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.wrappers import Request, Response

from preview.local.certificate import new_certificate
from preview.local.http_server import serve
from protected_stream.building import build
from protected_stream.config import Stream
from protected_stream.page import bundle
from tests.browser.conftest import STREAM, opened
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.viewer import PASSWORD, Viewer
from tests.conftest import CHECKOUT

DOMAINS = ["live.example.com", "watch.example.com"]
STREAM_HOST = f"https://{DOMAINS[0]}"
ALLOWED, OTHER = "https://www.example.com/", "https://other.example.com/"
COOKIE_SECONDS = 12
TIME = "document.getElementById('video').currentTime"
RULES, PINS = "--host-resolver-rules=", "--ignore-certificate-errors-spki-list="


def documented_page() -> str:
    """The page in docs/embedding.md."""
    text = (CHECKOUT / "docs" / "embedding.md").read_text("utf-8")
    return str(re.findall(r"```html\n(.*?)```", text, re.DOTALL)[0])


@pytest.fixture(scope="module")
def folder(_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build, with cookies that are so short that playback needs new ones."""
    delivery = {"domains": DOMAINS, "allowed_sites": [ALLOWED.removesuffix("/")]}
    return built(tmp_path_factory.mktemp("own-domain"), delivery)


def built(folder: Path, delivery: dict[str, Any]) -> Path:
    """The folder, with the build."""
    build(Stream.model_validate({**STREAM, "delivery": delivery}), folder, lambda _: None)
    bundle.write(folder / "site", lambda _: None)
    template = json.loads((folder / "template.json").read_text("utf-8"))
    for resource in template["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if "COOKIE_SECONDS" in variables:
            variables.update(COOKIE_SECONDS=str(COOKIE_SECONDS), STEP_SECONDS="1")
    (folder / "template.json").write_text(json.dumps(template), "utf-8")
    return folder


@pytest.fixture(scope="module")
def preview(folder: Path) -> Iterator[Previewed]:
    with previewed(folder / "template.json") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, preview: Previewed, folder: Path) -> Iterator[Browser]:
    """Chromium for which two more hosts exist, with the page of docs/embedding.md."""
    with beside(playwright, preview, folder / "site", (ALLOWED, OTHER)) as shared:
        yield shared


@contextlib.contextmanager
def beside(
    playwright: Playwright,
    preview: Previewed,
    page: Path,
    urls: Iterable[str],
    *,
    stream: str = STREAM_HOST,
    flags: Iterable[str] = (),
) -> Iterator[Browser]:
    """Chromium for which the page of docs/embedding.md is at these URLs, for a stream's host."""
    player = (page / "lib" / "shaka-player.js").read_bytes()
    text = documented_page().replace(STREAM_HOST, stream)

    @Request.application
    def site(request: Request) -> Response:
        if request.path == "/shaka-player.js":
            return Response(player, content_type="text/javascript")
        return Response(text, content_type="text/html")

    certificate = new_certificate()
    server = serve(site, certificate=certificate.context)
    hosts = [url.removeprefix("https://").removesuffix("/") for url in urls]
    more = {
        RULES: "".join(f", MAP {host}:443 127.0.0.1:{server.port}" for host in hosts),
        PINS: f",{certificate.pin}",
    }
    longer = [
        f"{flag}{more[start]}"
        for flag in preview.browser_command
        for start in more
        if flag.startswith(start)
    ]
    with opened(playwright, preview, *longer, *flags) as shared:
        yield shared
    server.close()


@pytest.fixture(scope="module")
def member(preview: Previewed, browser: Browser) -> str:
    """The email address of a viewer who began at CloudFront's own name for the stream."""
    (rules,) = (one for one in preview.browser_command if one.startswith(RULES))
    (old,) = set(re.findall(r"d\w+\.cloudfront\.net", rules))
    context = browser.new_context()
    page = context.new_page()
    for host in (old, DOMAINS[1]):
        page.goto(f"https://{host}/")
        assert page.url == f"https://{DOMAINS[0]}/"
    viewer = Viewer(page, preview.outputs["WatchAddress"])
    viewer.begin_sign_in(EMAIL, preview.temporary_password)
    viewer.change_password()
    viewer.plays()
    context.close()
    return EMAIL


def plays(page: Page, seconds: float) -> None:
    """Waits until the video of the documented page has played for this long."""
    is_ready = "document.getElementById('video').readyState > 2"
    page.wait_for_function(is_ready, timeout=30_000)
    began = float(page.evaluate(TIME))
    page.wait_for_function(f"{TIME} > {began + seconds}", timeout=1000 * (seconds + 20))


def test_a_viewer_signs_in_and_watches_on_the_other_page(browser: Browser, member: str) -> None:
    """For longer than the first cookies last."""
    context = browser.new_context()
    page = context.new_page()
    renewals: list[int] = []
    page.on(
        "response",
        lambda one: renewals.append(one.status) if one.url.endswith("/api/cookies") else None,
    )
    page.goto(ALLOWED)
    page.click("#sign-in")
    page.get_by_label("Email address").fill(member)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    plays(page, 1.5 * COOKIE_SECONDS)
    assert page.url == ALLOWED
    assert len(renewals) > 1
    assert {*renewals} <= {200, 204}  # 204 are the browser's questions before them
    held = {one["domain"] for one in context.cookies() if "CloudFront" in str(one.get("name"))}
    assert held == {DOMAINS[0]}
    context.close()


def test_a_viewer_of_the_streams_page_watches_on_the_other_one(
    browser: Browser, preview: Previewed, member: str
) -> None:
    """The browser already has copies of the media, which its own page has fetched."""
    context = browser.new_context()
    viewer = Viewer(context.new_page(), preview.outputs["WatchAddress"])
    viewer.sign_in(member)
    viewer.plays()
    page = context.new_page()
    page.goto(ALLOWED)
    plays(page, 2)
    assert page.is_hidden("#sign-in")
    context.close()


def test_a_page_that_is_not_allowed_reads_nothing(
    browser: Browser, preview: Previewed, member: str
) -> None:
    """Although the browser would send the cookies, which belong to the same site."""
    context = browser.new_context()
    viewer = Viewer(context.new_page(), preview.outputs["WatchAddress"])
    viewer.sign_in(member)
    viewer.plays()
    page = context.new_page()
    page.goto(OTHER)
    read = "(url) => fetch(url, { credentials: 'include' }).then(() => 'read', () => 'refused')"
    for url in (preview.outputs["HlsManifest"], f"https://{DOMAINS[0]}/api/config"):
        assert page.evaluate(read, url) == "refused"
        assert viewer.page.evaluate(read, url) == "read"
    context.close()
