"""Encoders that push to this machine, with ffmpeg as the encoder."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from preview.encoder.connections import listening
from preview.encoder.receiver import Receiver
from preview.errors import Rejected
from preview.services.media_inputs import Connection, SrtSettings
from tests.preview.encoder.pictures import RED, TONE, color_of, is_red
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

KEY = "key-for-tests-0123"
PASSPHRASE = "passphrase-for-tests"
SRT = SrtSettings(algorithm="AES256", passphrase_arn="arn")
SECONDS = 20
UDP = Path("/proc/net/udp")
ENCODE = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-c:a", "aac")
FORMATS = {"rtmp": "flv", "srt": "mpegts", "rtp": "rtp_mpegts"}

Start = Callable[..., Receiver]


@pytest.fixture
def port() -> int:
    """A port that is free for TCP, and most likely for UDP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def start(port: int, tmp_path: Path, said: list[str]) -> Iterator[Start]:
    """Starts a receiver on the port."""
    begun: list[Receiver] = []

    def started(
        scheme: str,
        path: str = "",
        srt: SrtSettings = SRT,
        admit: Callable[[], None] = lambda: None,
    ) -> Receiver:
        connection = Connection(url=f"{scheme}://127.0.0.1:{port}{path}", srt=srt)
        options = listening(connection, PASSPHRASE if scheme == "srt" else None)
        begun.append(Receiver(options, admit=admit, folder=tmp_path, say=said.append))
        return begun[-1]

    yield started
    for receiver in begun:
        receiver.close()


def push(url: str) -> subprocess.Popen[bytes]:
    """Begins to push a red picture; repeats it until somebody listens."""
    command = ["ffmpeg", "-v", "error", "-re", *RED, "-re", *TONE, *ENCODE, "-f"]
    deadline = time.monotonic() + SECONDS
    while True:
        pushing = subprocess.Popen(
            [*command, FORMATS[url.partition(":")[0]], url], stderr=subprocess.DEVNULL
        )
        time.sleep(0.5)
        if pushing.poll() is None or time.monotonic() > deadline:
            return pushing


def comes(condition: Callable[[], object]) -> bool:
    """Whether it holds within some seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def picture(receiver: Receiver) -> tuple[int, ...]:
    """The color of what the receiver passes on."""
    address = receiver.address
    assert address
    command = ["ffmpeg", "-v", "error", "-analyzeduration", "1M", "-i", address, "-t", "1"]
    copied = [*command, "-c", "copy", "-f", "mpegts", "-"]
    return color_of(subprocess.run(copied, capture_output=True, check=True).stdout)


SRT_QUERY = f"?mode=caller&passphrase={PASSPHRASE}&pbkeylen=32"


@pytest.mark.parametrize(
    ("scheme", "path", "query"),
    [("rtmp", f"/primary/{KEY}", ""), ("srt", "", SRT_QUERY), ("rtp", "", "")],
)
def test_a_push_is_passed_on_until_it_ends_and_so_is_the_next_one(
    start: Start, port: int, said: list[str], scheme: str, path: str, query: str
) -> None:
    receiver = start(scheme, path)
    assert receiver.footage() is None
    for _ in range(2):
        with push(f"{scheme}://127.0.0.1:{port}{path}{query}") as pushing:
            assert comes(lambda: receiver.address)
            footage = receiver.footage()
            assert footage
            assert footage.is_live
            assert footage.audios
            assert is_red(picture(receiver))
            pushing.kill()
        assert comes(lambda: receiver.address is None)
    assert comes(lambda: len(said) == 4)
    assert [line.split(";")[0] for line in said] == ["push     has begun", "push     has ended"] * 2


@pytest.mark.parametrize("path", ["/primary/guess-guess-guess-1", f"/other/{KEY}"])
def test_another_stream_key_or_application_is_refused(
    start: Start, port: int, said: list[str], path: str
) -> None:
    receiver = start("rtmp", f"/primary/{KEY}")
    with push(f"rtmp://127.0.0.1:{port}{path}") as pushing:
        assert comes(lambda: said)
        assert pushing.wait(SECONDS) != 0
    assert said[0] == "push     refused: another stream key or application"
    assert receiver.address is None


@pytest.mark.parametrize("query", ["", "?passphrase=another-passphrase&pbkeylen=32"])
def test_srt_without_the_passphrase_is_refused(
    start: Start, port: int, said: list[str], query: str
) -> None:
    start("srt")
    time.sleep(1)  # until it listens
    command = ["ffmpeg", "-v", "error", "-re", *RED, *ENCODE, "-f", "mpegts"]
    refused = subprocess.run(
        [*command, f"srt://127.0.0.1:{port}{query}"], stderr=subprocess.PIPE, check=False
    )
    assert refused.returncode != 0
    assert said == []


def test_an_address_that_the_security_group_does_not_allow_is_refused(
    start: Start, port: int, said: list[str]
) -> None:
    def admit() -> None:
        raise Rejected("EncoderInput does not accept a stream from 127.0.0.1.")

    receiver = start("rtmp", f"/primary/{KEY}", admit=admit)
    with push(f"rtmp://127.0.0.1:{port}/primary/{KEY}") as pushing:
        assert comes(lambda: said)
        pushing.kill()
    assert said[0] == "push     refused: EncoderInput does not accept a stream from 127.0.0.1."
    assert receiver.address is None


def test_it_says_once_why_nobody_can_push(start: Start, port: int, said: list[str]) -> None:
    with socket.create_server(("127.0.0.1", port)):
        start("rtmp", f"/primary/{KEY}")
        assert comes(lambda: said)
        time.sleep(2.5)  # it tries again
    (line,) = said
    assert "nobody can push" in line
    assert "Address already in use" in line


@pytest.mark.skipif(not UDP.exists(), reason="only Linux lists sockets in a file")
def test_rtp_is_heard_on_this_machine_only(start: Start, port: int) -> None:
    """It has no password."""

    def heard() -> list[str]:
        table = UDP.read_text("ascii").splitlines()[1:]
        places = (line.split()[1].split(":") for line in table)
        return [address for address, number in places if int(number, 16) == port]

    start("rtp")
    assert comes(heard)
    assert heard() == ["0100007F"]
