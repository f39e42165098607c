"""Encoders that push to this machine, as to MediaLive, watched in a browser."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.config import Stream
from protected_stream.page import bundle
from tests.browser.conftest import SEGMENT_SECONDS, opened
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.test_sources import COLOR
from tests.browser.viewer import Viewer
from tests.preview.encoder.pictures import RED, TONE, is_red

ENCODE = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "aac")
SECONDS = 60
RECONNECT_SECONDS = 1
# short, so that players are close to the live edge, and see soon what is pushed
SHORT = {
    "encoding": {"gop_seconds": SEGMENT_SECONDS, "channel_class": "SINGLE_PIPELINE"},
    "packaging": {"segment_seconds": SEGMENT_SECONDS},
}
STREAMS = {type_: {"ingest": {"type": type_}, **SHORT} for type_ in ("rtmp-push", "srt-listener")}


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


def target(preview: Previewed, *, is_right: bool = True) -> tuple[str, str]:
    """The format and the URL that ffmpeg pushes with; or with a wrong key or passphrase."""
    url = preview.said("^│ Push to").split()[3]
    if url.startswith("rtmp"):
        return "flv", url if is_right else f"{url[:-4]}none"
    passphrase = preview.said("^│ Passphrase").split()[2]
    given = passphrase if is_right else "another-passphrase"
    return "mpegts", f"{url}?mode=caller&passphrase={given}&pbkeylen=32"


def push(place: tuple[str, str]) -> subprocess.Popen[bytes]:
    command = ["ffmpeg", "-v", "error", "-re", *RED, "-re", *TONE, *ENCODE, "-f", *place]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


@contextmanager
def pushing(place: tuple[str, str]) -> Iterator[None]:
    """An encoder that reconnects, as OBS does: nobody listens for a moment after each push."""
    ended = threading.Event()

    def keep_pushing() -> None:
        while not ended.is_set():
            with push(place) as encoder:
                while encoder.poll() is None and not ended.wait(RECONNECT_SECONDS):
                    pass
                encoder.kill()

    encoding = threading.Thread(target=keep_pushing)
    encoding.start()
    try:
        yield
    finally:
        ended.set()
        encoding.join()


def comes(condition: Callable[[], bool]) -> bool:
    """Whether it holds within a minute."""
    deadline = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.5)
    return condition()


@pytest.fixture(params=STREAMS)
def preview(request: pytest.FixtureRequest, tmp_path: Path, port: int) -> Iterator[Previewed]:
    build(Stream.model_validate(STREAMS[request.param]), tmp_path, lambda _: None)
    bundle.write(tmp_path / "site", lambda _: None)
    with previewed(tmp_path / "template.json", "--source", f"push:{port}") as running:
        yield running


@pytest.mark.timeout(300)
def test_viewers_see_what_an_encoder_pushes_and_black_while_it_does_not(
    playwright: Playwright, preview: Previewed
) -> None:
    """They never reload the page."""

    def color() -> tuple[int, int, int]:
        red, green, blue, _ = viewer.page.evaluate(COLOR)
        return red, green, blue

    def is_black() -> bool:
        return max(color()) < 40

    with opened(playwright, preview) as browser:
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays(seconds=3)
        assert is_black()
        with push(target(preview, is_right=False)) as refused:
            assert refused.wait(SECONDS) != 0
        assert is_black()
        for _ in range(2):
            with pushing(target(preview)):
                assert comes(lambda: is_red(color()))
                viewer.plays(seconds=3)
            assert comes(is_black)
            viewer.plays(seconds=3)
        viewer.close()
