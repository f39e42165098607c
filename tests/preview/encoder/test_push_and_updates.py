"""An encoder that pushes to this machine, while the stack changes."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.encoder import Broadcast
from preview.encoder.receiver import PAUSE_SECONDS
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.encoder.test_receiver import comes, push
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    start_channel,
    stop_channel,
    template_in,
)
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

HERE = {**PARAMETERS, "InputCidr": "127.0.0.1/32"}
OTHER_KEY = "another-key-0123456789"


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        account.media.push_port = free.getsockname()[1]
        free.close()
        yield account


def built(folder: Path, **tables: Any) -> dict[str, Any]:
    single = {"encoding": {"channel_class": "SINGLE_PIPELINE"}}
    build(Stream.model_validate({**single, **tables}), folder, lambda _: None)
    return template_in(folder)


def listens(address: str) -> bool:
    """Whether a connection to the address of an encoder is accepted."""
    host, _, port = address.split("/")[2].partition(":")
    try:
        socket.create_connection((host, int(port)), 2).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_new_stream_key_holds_when_the_channel_starts_again(
    account: Account, tmp_path: Path
) -> None:
    said: list[str] = []
    template = built(tmp_path)
    copy_code(account, tmp_path)
    stack = deployed(account, template, HERE)
    channel, address = stack.outputs["ChannelId"], stack.outputs["EncoderAddressPrimary"]
    broadcast = Broadcast(account, tmp_path / "broadcast", None, said.append)
    try:
        start_channel(account, channel)
        broadcast.follow()
        stop_channel(account, channel)
        broadcast.follow()
        stack.deploy(template, {**HERE, "StreamKey": OTHER_KEY})
        start_channel(account, channel)
        broadcast.follow()
        with push(f"{address}/{PARAMETERS['StreamKey']}") as former:
            assert comes(lambda: "push     refused: another stream key or application" in said)
            former.kill()
        with push(f"{address}/{OTHER_KEY}") as encoder:
            assert comes(lambda: "push     has begun" in said)
            encoder.kill()
    finally:
        broadcast.close()
    assert PARAMETERS["StreamKey"] not in "".join(said)


def test_a_channel_off_the_air_takes_no_push(account: Account, tmp_path: Path) -> None:
    said: list[str] = []
    template = built(tmp_path)
    copy_code(account, tmp_path)
    stack = deployed(account, template, HERE)
    channel, address = stack.outputs["ChannelId"], stack.outputs["EncoderAddressPrimary"]
    broadcast = Broadcast(account, tmp_path / "broadcast", None, said.append)
    try:
        assert not listens(address)
        start_channel(account, channel)
        broadcast.follow()
        assert comes(lambda: listens(address))
        stop_channel(account, channel)
        broadcast.follow()
        time.sleep(2 * PAUSE_SECONDS)  # it would listen again
        assert not listens(address)
    finally:
        broadcast.close()


def test_after_an_update_to_a_file_the_file_is_shown(account: Account, tmp_path: Path) -> None:
    said: list[str] = []
    template = built(tmp_path / "push")
    copy_code(account, tmp_path / "push")
    stack = deployed(account, template, HERE)
    broadcast = Broadcast(account, tmp_path / "broadcast", None, said.append)
    try:
        start_channel(account, stack.outputs["ChannelId"])
        broadcast.follow()
        stop_channel(account, stack.outputs["ChannelId"])
        file = built(tmp_path / "file", ingest={"type": "mp4-file"})
        copy_code(account, tmp_path / "file")
        names = {**PARAMETERS, "SourceObject": "preview-source/video.mp4"}
        stack.deploy(file, {name: names[name] for name in names if name in file["Parameters"]})
        start_channel(account, stack.outputs["ChannelId"])
        broadcast.follow()
    finally:
        broadcast.close()
    assert "source   s3ssl://preview-source cannot be read: the test pattern replaces it" in said
