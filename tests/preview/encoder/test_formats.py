"""HLS with TS segments and Low-Latency HLS, as the preview packages them."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest

from preview.encoder.blocking import FURTHEST
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import encoded
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

SEGMENT_SECONDS = 1
STREAM = {
    "encoding": {"gop_seconds": 1},
    "packaging": {
        "formats": ["hls", "dash", "ll-hls", "hls-ts", "mss"],
        "segment_seconds": SEGMENT_SECONDS,
        "dvr_window_seconds": 30,
    },
}
SECONDS_TO_BE_THERE = 30


@dataclass(frozen=True, kw_only=True)
class Offered:
    """The manifests of a stream on air, for a viewer with cookies."""

    browser: Browser
    ts: str
    low_latency: str

    def children(self, manifest: str) -> list[str]:
        """The URLs of the media playlists."""
        text = self.browser.get(manifest).text
        names = re.findall(r'^[^#\n]+|(?<=URI=")[^"]+', text, re.MULTILINE)
        return [urljoin(manifest, name) for name in names]

    def has_segments(self) -> bool:
        """Whether every playlist has two."""
        if self.browser.get(self.ts).status_code != 200:
            return False
        playlists = [self.browser.get(child).text for child in self.children(self.ts)]
        return all(playlist.count("#EXTINF") >= 2 for playlist in playlists)


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offered]:
    with encoded(STREAM, tmp_path_factory.mktemp("formats")) as (browser, outputs):
        ts, low_latency = outputs["HlsTsManifest"], outputs["LowLatencyHlsManifest"]
        offered = Offered(browser=browser, ts=ts, low_latency=low_latency)
        end = time.monotonic() + SECONDS_TO_BE_THERE
        while not offered.has_segments():
            assert time.monotonic() < end
            time.sleep(0.2)
        yield offered


def sequence(playlist: str) -> int:
    """The media sequence number of a playlist's last segment."""
    (first,) = re.findall(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", playlist)
    return int(first) + playlist.count("#EXTINF") - 1


def streams_in(segment: bytes) -> list[tuple[str, float]]:
    """The codec of each stream in a segment, and the time at which it starts, in seconds."""
    command = ("ffprobe", "-v", "error", "-show_streams", "-of", "json", "-f", "mpegts", "-i", "-")
    found = subprocess.run(command, input=segment, capture_output=True, check=True)
    return [
        (stream["codec_name"], float(stream["start_time"]))
        for stream in json.loads(found.stdout)["streams"]
    ]


def test_every_track_of_the_ts_endpoint_has_ts_segments_that_follow_each_other(
    offered: Offered,
) -> None:
    children = offered.children(offered.ts)
    assert len(children) == 7
    codecs = []
    for child in children:
        playlist = offered.browser.get(child).text
        assert "EXT-X-MAP" not in playlist
        names = re.findall(r"^[^#\n]+", playlist, re.MULTILINE)
        answers = [offered.browser.get(urljoin(child, name)) for name in names[-2:]]
        assert {answer.headers["Content-Type"] for answer in answers} == {"video/mp2t"}
        [(codec, first)], [(_, second)] = (streams_in(answer.content) for answer in answers)
        assert second - first == pytest.approx(SEGMENT_SECONDS, abs=0.05)
        codecs.append(codec)
    assert sorted(codecs) == ["aac", *["h264"] * 6]


def test_the_ts_endpoint_has_no_cmaf_segments(offered: Offered) -> None:
    child = offered.children(offered.ts)[0]
    (name, *_) = re.findall(r"^[^#\n]+", offered.browser.get(child).text, re.MULTILINE)
    assert offered.browser.get(urljoin(child, name)).status_code == 200
    cmaf = urljoin(child, f"{name.removesuffix('.ts')}.m4s")
    assert offered.browser.get(cmaf).status_code == 404


def test_a_low_latency_player_gets_the_next_playlist_as_soon_as_it_exists(offered: Offered) -> None:
    child = offered.children(offered.low_latency)[0]
    playlist = offered.browser.get(child).text
    assert "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES" in playlist
    wanted = sequence(playlist) + 1
    for next_one in (wanted, wanted + 1):
        answer = offered.browser.get(f"{child}?_HLS_msn={next_one}")
        assert sequence(answer.text) >= next_one


def test_what_a_player_waits_for_is_cached_separately(offered: Offered) -> None:
    """Otherwise it would get the playlist of another wait, and ask again at once."""
    child = offered.children(offered.low_latency)[0]
    newest = sequence(offered.browser.get(child).text)
    first, second = (
        sequence(offered.browser.get(f"{child}?_HLS_msn={newest + ahead}").text) for ahead in (1, 2)
    )
    assert first >= newest + 1
    assert second >= newest + 2


def test_a_player_cannot_wait_for_a_segment_that_is_far_ahead(offered: Offered) -> None:
    child = offered.children(offered.low_latency)[0]
    newest = sequence(offered.browser.get(child).text)
    for text in (str(newest + FURTHEST + 5), "next", ""):
        assert offered.browser.get(f"{child}?_HLS_msn={text}").status_code == 400
