"""The page in Firefox: signing in, watching, the list of keys, signing out."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.browser.firefox import PROGRAMS, Firefox, running
from tests.browser.previewed import Previewed
from tests.browser.viewer import MEDIA, PASSWORD, VIDEO
from tests.preview.required_programs import required_program

# Since the page was loaded; Firefox keeps the first 250, and has 0 for an aborted one's status.
REQUESTS = """performance.getEntriesByType("resource")
  .map(({ name, responseStatus }) => [name, responseStatus])"""
# Unlike the position, this does not grow by seeking.
PLAYED = "video.played.length && video.played.end(0) - video.played.start(0)"


@pytest.fixture
def firefox(preview: Previewed, tmp_path: Path) -> Iterator[Firefox]:
    """A Firefox with its own profile. The page must cause no errors in its console."""
    preview.start()
    with running(required_program(*PROGRAMS), preview.browser_command, tmp_path) as firefox:
        yield firefox
        assert firefox.errors(preview.outputs["WatchAddress"]) == []


@pytest.fixture
def watching(firefox: Firefox, preview: Previewed, member: str) -> Firefox:
    """A Firefox that plays the stream."""
    sign_in(firefox, preview.outputs["WatchAddress"], member)
    plays(firefox, seconds=1)
    return firefox


def sign_in(firefox: Firefox, address: str, email: str) -> None:
    """Opens the page and signs in; returns when the page shows the viewer's name."""
    firefox.open(address)
    firefox.click("#act")
    firefox.type("[name=username]", email)
    firefox.type("[name=password]", PASSWORD)
    firefox.click("form button")
    name = "document.getElementById('viewer').textContent"
    firefox.until(lambda: firefox.evaluate(name) == email, "signing in")


def plays(firefox: Firefox, seconds: float) -> None:
    """Waits until the video has played for this long without a gap."""
    firefox.until(lambda: firefox.evaluate(VIDEO % PLAYED) >= seconds, "playback")


def media(firefox: Firefox) -> list[tuple[str, int]]:
    """URLs and statuses of the media requests since the page was loaded.

    Requests that the player aborted are left out: it does so when it changes the rendition.
    """
    return [(url, status) for url, status in firefox.evaluate(REQUESTS) if MEDIA in url and status]


def fetched(firefox: Firefox, address: str) -> int:
    """The status of a URL when the page itself requests it."""
    request = f"fetch('{address}', {{ cache: 'no-store' }})"
    return int(firefox.evaluate(f"{request}.then(({{ status }}) => status)"))


@pytest.mark.parametrize(("path", "suffix"), [("/", ".m3u8"), ("/#dash", ".mpd")])
def test_hls_and_dash_play(
    firefox: Firefox, preview: Previewed, member: str, path: str, suffix: str
) -> None:
    sign_in(firefox, urljoin(preview.outputs["WatchAddress"], path), member)
    plays(firefox, seconds=10)
    requests = media(firefox)
    assert {status for _, status in requests} == {200}
    manifests = {url for url, _ in requests if url.endswith((".m3u8", ".mpd"))}
    assert manifests
    assert {url for url in manifests if not url.endswith(suffix)} == set()


def test_a_question_mark_shows_the_keys(watching: Firefox) -> None:
    is_open = "document.getElementById('keys-help').open"
    assert watching.evaluate(is_open) is False
    watching.type("body", "?")
    assert watching.evaluate(is_open) is True
    watching.click("#keys-close")
    assert watching.evaluate(is_open) is False


def test_after_sign_out_the_viewer_has_no_access_and_must_sign_in_again(
    watching: Firefox, preview: Previewed
) -> None:
    segment = next(url for url, _ in media(watching) if url.endswith(".m4s"))
    addresses = (segment, preview.outputs["HlsManifest"])
    assert [fetched(watching, address) for address in addresses] == [200, 200]
    watching.click("#sign-out")
    welcome = "document.body.matches('[data-screen=message][data-message=welcome]')"
    watching.until(lambda: watching.evaluate(welcome), "the welcome message")
    assert [fetched(watching, address) for address in addresses] == [403, 403]
    watching.click("#act")
    watching.click("[name=password]")
