"""Channels that pull a live stream, from real servers on this machine."""

import contextlib
import functools
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from preview.encoder.binaries import live_footage
from preview.encoder.connections import calling
from preview.services.media_inputs import Connection, SrtSettings
from tests.preview.encoder.encoded import encoded
from tests.preview.encoder.pictures import RED, TONE, colors, is_red
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

CODECS = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "aac")
SEND = ("ffmpeg", "-v", "error", "-re", *RED, "-re", *TONE, *CODECS)


class Quiet(SimpleHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None:
        """Does nothing."""


@pytest.fixture
def hls_address(tmp_path: Path) -> Iterator[str]:
    """The address of a live HLS stream in red."""
    folder = tmp_path / "origin"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hls = ("-f", "hls", "-hls_time", "1", "-hls_flags", "delete_segments", "index.m3u8")
        with subprocess.Popen([*SEND, *hls], cwd=folder) as sending:
            while not (folder / "index.m3u8").exists():
                assert sending.poll() is None
                time.sleep(0.1)
            yield f"http://127.0.0.1:{server.server_port}/index.m3u8"
            sending.kill()
        server.shutdown()


@contextlib.contextmanager
def served_again(output: Sequence[str]) -> Iterator[None]:
    """Serves a red stream to one client after another, with one ffmpeg for each."""
    ended = threading.Event()
    sending: list[subprocess.Popen[bytes]] = []

    def serve() -> None:
        while not ended.is_set():
            sending.append(subprocess.Popen([*SEND, *output], stderr=subprocess.DEVNULL))
            sending[-1].wait()

    server = threading.Thread(target=serve)
    server.start()
    yield
    ended.set()
    sending[-1].kill()
    server.join()


@pytest.fixture
def rtmp_address() -> Iterator[str]:
    """The address of an RTMP server with a red stream."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"rtmp://127.0.0.1:{free.getsockname()[1]}/live/red"
    with served_again(["-f", "flv", "-listen", "1", address]):
        yield address


@pytest.fixture
def srt_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of an SRT encoder that waits to be called, one caller after another."""
    query = f"?mode=listener&enforced_encryption=1{getattr(request, 'param', '')}"
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with served_again(["-f", "mpegts", f"srt://127.0.0.1:{port}{query}"]):
        yield port


def test_viewers_see_the_hls_stream_that_the_channel_pulls(
    hls_address: str, tmp_path: Path
) -> None:
    stream = {"ingest": {"type": "url-pull"}, "encoding": {"channel_class": "SINGLE_PIPELINE"}}
    with encoded(stream, tmp_path / "build", HlsSource=hls_address) as (browser, outputs):
        assert all(map(is_red, colors(browser, outputs["HlsManifest"], segments=2)))


def test_viewers_see_the_rtmp_stream_that_the_channel_pulls(
    rtmp_address: str, tmp_path: Path
) -> None:
    stream = {"ingest": {"type": "rtmp-pull"}, "encoding": {"channel_class": "SINGLE_PIPELINE"}}
    with encoded(stream, tmp_path / "build", RtmpSource=rtmp_address) as (browser, outputs):
        assert all(map(is_red, colors(browser, outputs["HlsManifest"], segments=2)))


def test_viewers_see_the_stream_of_the_srt_encoder_that_the_channel_calls(
    srt_port: int, tmp_path: Path
) -> None:
    stream = {
        "ingest": {"type": "srt-caller", "passphrase": "none"},
        "encoding": {"channel_class": "SINGLE_PIPELINE"},
    }
    folder = tmp_path / "build"
    with encoded(stream, folder, SrtAddress="127.0.0.1", SrtPort=str(srt_port)) as found:
        browser, outputs = found
        assert all(map(is_red, colors(browser, outputs["HlsManifest"], segments=2)))


@pytest.mark.parametrize("srt_port", ["&passphrase=for-tests-0123&pbkeylen=16"], indirect=True)
def test_an_encrypted_srt_stream_needs_its_passphrase(srt_port: int) -> None:
    url, srt = f"srt://127.0.0.1:{srt_port}", SrtSettings(algorithm="AES128")
    connection = Connection(url=url, srt=srt)
    assert live_footage(calling(connection, "another-passphrase")) is None
    assert live_footage(calling(connection, "for-tests-0123"))


def test_without_the_source_the_test_pattern_is_shown_and_no_stream_key_is_told(
    tmp_path: Path,
) -> None:
    stream = {"ingest": {"type": "rtmp-pull"}, "encoding": {"channel_class": "SINGLE_PIPELINE"}}
    said: list[str] = []
    address = "rtmp://127.0.0.1:9/live/key-0123"
    with encoded(stream, tmp_path, said.append, RtmpSource=address) as (browser, outputs):
        assert not any(map(is_red, colors(browser, outputs["HlsManifest"], segments=1)))
    told = [line for line in said if "cannot be read" in line]
    assert told == ["source   rtmp://127.0.0.1 cannot be read: the test pattern replaces it"]
    assert "key-0123" not in "".join(said)
