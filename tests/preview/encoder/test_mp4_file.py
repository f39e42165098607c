"""A channel that plays a video file from S3, in the preview."""

from pathlib import Path

import pytest

from preview.account import Account
from preview.encoder import Broadcast
from preview.errors import Rejected
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.encoder.pictures import colors, is_red, red_video
from tests.preview.operator import copy_code, deployed, go_on_air, template_in
from tests.preview.required_programs import needs_ffmpeg
from tests.preview.scenario_given import given

pytestmark = needs_ffmpeg

BUCKET, KEY = "preview-source", "video.mp4"


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
            seen = colors(browser, outputs["HlsManifest"], segments=3)
        finally:
            broadcast.close()
            browser.close()
    assert all(map(is_red, seen))
    assert not [line for line in said if "cannot be read" in line]


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
