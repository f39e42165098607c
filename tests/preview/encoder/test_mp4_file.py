"""A channel that plays a video file from S3, in the preview."""

import subprocess
import time
from pathlib import Path

import pytest

from preview.account import Account
from preview.encoder import Broadcast
from preview.errors import Rejected
from preview.hosts.server import Served
from protected_stream.build import build
from protected_stream.config import load
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import copy_code, deployed, go_on_air, template_in
from tests.preview.required_programs import needs_ffmpeg
from tests.preview.scenario_given import given

pytestmark = needs_ffmpeg

BUCKET, KEY = "preview-source", "video.mp4"
SECONDS_TO_BE_THERE = 30


def red_video(path: Path) -> Path:
    """A second of red, with a tone."""
    color, tone = "color=red:size=320x180:rate=30:duration=1", "sine=duration=1"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", color, "-f", "lavfi", "-i", tone]
    subprocess.run([*command, "-c:a", "aac", path], check=True)
    return path


def color_of(segment: bytes) -> tuple[int, ...]:
    """The average color of a segment's first picture, as red, green and blue."""
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-frames:v", "1", "-vf", "scale=1:1"]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    found = subprocess.run([*command, *raw], input=segment, capture_output=True, check=True)
    return tuple(found.stdout)


def test_viewers_see_the_file_for_longer_than_it_lasts(tmp_path: Path) -> None:
    build(load(STREAMS["mp4-file"]), tmp_path, lambda _: None)
    said: list[str] = []
    with Account() as account, Served(account) as served:
        s3 = account.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.upload_file(str(red_video(tmp_path / KEY)), BUCKET, KEY)
        copy_code(account, tmp_path)
        template = template_in(tmp_path)
        outputs = deployed(account, template, given(template)).outputs
        broadcast = Broadcast(account, tmp_path / "broadcast", None, said.append)
        account.media.source = broadcast.answer
        go_on_air(account, outputs)
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        browser.ask_for_cookies()
        try:
            broadcast.follow()
            colors = _colors(browser, outputs["HlsManifest"], segments=3)
        finally:
            broadcast.close()
            browser.close()
    assert all(red > 200 and green < 60 and blue < 60 for red, green, blue in colors)
    assert not [line for line in said if "does not exist" in line]


def _colors(browser: Browser, manifest: str, segments: int) -> list[tuple[int, ...]]:
    """The colors of the first rendition's first segments, each of which is longer than the file."""
    folder = manifest.rpartition("/")[0]
    end = time.monotonic() + SECONDS_TO_BE_THERE
    names: list[str] = []
    while len(names) < segments:
        assert time.monotonic() < end
        time.sleep(0.2)
        playlist = browser.get(f"{folder}/index_0.m3u8").text
        names = [line for line in playlist.splitlines() if line.endswith(".m4s")]
    start = playlist.partition('#EXT-X-MAP:URI="')[2].partition('"')[0]
    header = browser.get(f"{folder}/{start}").content
    return [color_of(header + browser.get(f"{folder}/{name}").content) for name in names]


def test_without_the_permission_the_channel_does_not_start(tmp_path: Path) -> None:
    build(load(STREAMS["mp4-file"]), tmp_path, lambda _: None)
    template = template_in(tmp_path)
    parameters = {**given(template), "StartChannel": "No"}
    policy = template["Resources"]["ChannelRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"] = [one for one in policy["Statement"] if one["Action"] != ["s3:GetObject"]]
    with Account() as account:
        copy_code(account, tmp_path)
        outputs = deployed(account, template, parameters).outputs
        with pytest.raises(Rejected, match="s3:GetObject"):
            account.media.start(outputs["ChannelId"])
