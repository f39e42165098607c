"""A page elsewhere on the same site plays the stream: CORS for it alone, also from the cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from preview.account import Account
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import copy_code, deployed, go_on_air, template_in, upload_page
from tests.preview.scenario_given import given

PARTNER = "https://www.example.org"
ALLOWED, SECOND, OTHER = (f"https://{name}.example.com" for name in ("www", "shop", "evil-www"))
TABLES: dict[str, Any] = {
    "delivery": {"domains": ["live.example.com"], "allowed_sites": [ALLOWED, SECOND]}
}
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"


@contextmanager
def watched(folder: Path) -> Iterator[tuple[Browser, dict[str, str]]]:
    """The browser of a viewer with cookies, and the outputs."""
    with Account() as account, Served(account) as served:
        copy_code(account, folder)
        template = template_in(folder)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        go_on_air(account, outputs)
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        yield browser, dict(outputs)
        browser.close()


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, dict[str, str]]]:
    """The same, for a stream that pages of the same site may play."""
    folder = tmp_path_factory.mktemp("allowed-sites")
    build(Stream.model_validate(TABLES), folder, lambda _: None)
    with watched(folder) as one:
        yield one


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    """A signed-in viewer of a stream that a page of another site may play, and the manifest."""
    folder = tmp_path_factory.mktemp("other-sites")
    tables = {"delivery": {"allowed_other_sites": [PARTNER]}}
    build(Stream.model_validate(tables), folder, lambda _: None)
    with watched(folder) as (browser, outputs):
        yield browser, outputs["HlsManifest"]


def shared_with(answer: requests.Response) -> tuple[str | None, str | None]:
    return answer.headers.get(ORIGIN), answer.headers.get(CREDENTIALS)


def test_the_allowed_sites_read_media_and_api_and_others_do_not(
    viewer: tuple[Browser, dict[str, str]],
) -> None:
    browser, outputs = viewer
    segment = f"{outputs['HlsManifest'].rpartition('/')[0]}/segment_1.mp4"
    for address in (outputs["HlsManifest"], segment, "/api/config", "/api/cookies"):
        for origin in (ALLOWED, OTHER, SECOND, f"{ALLOWED}.example.org", "null"):
            headers = {"Origin": origin, **browser.with_token()}
            answer = browser.get(address, headers=headers)
            expected = (origin, "true") if origin in (ALLOWED, SECOND) else (None, None)
            assert (answer.status_code, shared_with(answer)) == (200, expected), address
            assert answer.headers["Vary"] == "Origin"


def test_a_copy_in_the_cache_is_for_each_origin_its_own(
    viewer: tuple[Browser, dict[str, str]],
) -> None:
    """The settings are the only thing that the preview caches longer than a moment."""
    browser, _ = viewer
    results = []
    for origin in (ALLOWED, OTHER, "", SECOND, ALLOWED):
        for _attempt in range(3):
            answer = browser.get("/api/config", headers={"Origin": origin} if origin else {})
            results.append(answer.headers["X-Cache"])
            is_allowed = origin in (ALLOWED, SECOND)
            assert shared_with(answer) == ((origin, "true") if is_allowed else (None, None))
    assert "Hit from cloudfront" in results


@pytest.mark.parametrize(("origin", "is_allowed"), [(ALLOWED, True), (OTHER, False)])
def test_a_browser_asks_before_it_sends_the_token(
    viewer: tuple[Browser, dict[str, str]], origin: str, *, is_allowed: bool
) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = viewer[0].ask("OPTIONS", "/api/cookies", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert shared_with(answer) == ((origin, "true") if is_allowed else (None, None))
    names = ("Headers", "Methods")
    allowed = tuple(answer.headers.get(f"Access-Control-Allow-{name}") for name in names)
    assert allowed == (("Authorization", "GET, DELETE") if is_allowed else (None, None))


def test_the_page_is_shared_with_nobody(viewer: tuple[Browser, dict[str, str]]) -> None:
    answer = viewer[0].get("/", headers={"Origin": ALLOWED})
    assert (answer.status_code, shared_with(answer)) == (200, (None, None))


def test_the_cookies_stay_with_the_host(viewer: tuple[Browser, dict[str, str]]) -> None:
    answer = viewer[0].get("/api/cookies", headers={"Origin": ALLOWED, **viewer[0].with_token()})
    for name in ("Policy", "Signature", "Key-Pair-Id"):
        assert f"CloudFront-{name}=" in answer.headers["Set-Cookie"]
    assert "domain=" not in answer.headers["Set-Cookie"].lower()
    assert answer.headers["Set-Cookie"].count("SameSite=Strict") >= 3


def test_a_page_of_another_site_has_cookies_that_browsers_send_from_there(
    partner: tuple[Browser, str],
) -> None:
    """The preview's own browser knows no partitions, and keeps the new cookies all the same."""
    browser, manifest = partner
    for origin in (PARTNER, OTHER):
        answer = browser.get(manifest, headers={"Origin": origin})
        expected = (PARTNER, "true") if origin == PARTNER else (None, None)
        assert (answer.status_code, shared_with(answer)) == (200, expected)
    answer = browser.get("/api/cookies", headers={"Origin": PARTNER, **browser.with_token()})
    assert shared_with(answer) == (PARTNER, "true")
    assert answer.headers["Set-Cookie"].count("Secure; HttpOnly; SameSite=None; Partitioned") == 4
    gone = browser.ask("DELETE", "/api/cookies", headers={"Origin": PARTNER})
    assert (gone.status_code, shared_with(gone)) == (204, (PARTNER, "true"))
    assert browser.get(manifest).status_code == 403
