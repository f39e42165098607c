"""Viewers of a stream with a startover window reach what it keeps, through the distribution."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest

from tests.preview.browser import Browser
from tests.preview.encoder.encoded import encoded
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

STREAM = {
    "encoding": {"gop_seconds": 1},
    "packaging": {"segment_seconds": 1, "dvr_window_seconds": 30, "startover_hours": 2},
}
SECONDS_TO_HAVE_SEGMENTS = 30


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A stream on air, and a viewer with cookies."""

    browser: Browser
    hls: str
    dash: str
    began: float
    """When the first frames were sent, or later, in epoch seconds."""

    def playlist(self, query: str) -> str:
        """The largest rendition's playlist, as a player finds it."""
        multivariant = self.browser.get(f"{self.hls}?{query}")
        assert multivariant.status_code == 200, multivariant.text
        child = next(line for line in multivariant.text.splitlines() if line[:1] not in ("#", ""))
        answer = self.browser.get(urljoin(self.hls, child))
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with encoded(STREAM, tmp_path_factory.mktemp("startover")) as (browser, outputs):
        stream = Watched(
            browser=browser,
            hls=outputs["HlsManifest"],
            dash=outputs["DashManifest"],
            began=time.time(),
        )
        _wait_for_segments(stream, 6)
        yield stream


def _wait_for_segments(stream: Watched, count: int) -> None:
    end = time.monotonic() + SECONDS_TO_HAVE_SEGMENTS
    while (
        stream.browser.get(stream.hls).status_code != 200
        or len(_segments(stream.playlist(""))) < count
    ):
        assert time.monotonic() < end
        time.sleep(0.2)


def _segments(playlist: str) -> list[str]:
    return re.findall(r"^\S+\.m4s$", playlist, re.MULTILINE)


def test_a_viewer_who_asks_for_an_earlier_time_gets_it_in_hls(watched: Watched) -> None:
    newest = len(_segments(watched.playlist("")))
    begins, ends = watched.began - 60, watched.began + 1
    query = f"aws.manifestsettings=start%3A{begins:.0f}%3Bend%3A{ends:.0f}"
    playlist = watched.playlist(query)
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert 1 <= len(_segments(playlist)) < newest
    first = urljoin(watched.hls, _segments(playlist)[0])
    assert watched.browser.get(first).status_code == 200


def test_a_viewer_who_asks_for_an_earlier_time_gets_it_in_dash(watched: Watched) -> None:
    begins, ends = watched.began - 60, watched.began + 1
    query = f"aws.manifestsettings=start%3A{begins:.0f}%3Bend%3A{ends:.0f}"
    answer = watched.browser.get(f"{watched.dash}?{query}")
    assert answer.status_code == 200
    assert 'type="static"' in answer.text
    assert 'type="dynamic"' in watched.browser.get(watched.dash).text


def test_what_is_older_than_the_startover_window_does_not_exist(watched: Watched) -> None:
    query = f"aws.manifestsettings=start%3A{time.time() - 3 * 3600:.0f}"
    assert watched.browser.get(f"{watched.hls}?{query}").status_code == 404


def test_a_viewer_who_asks_for_small_renditions_gets_only_those(watched: Watched) -> None:
    heights = re.findall(r"RESOLUTION=\d+x(\d+)", watched.browser.get(watched.hls).text)
    filtered = watched.browser.get(f"{watched.hls}?aws.manifestfilter=video_height%3A1-360").text
    assert 0 < len(re.findall("RESOLUTION", filtered)) < len(heights)


def test_a_query_that_mediapackage_rejects_is_400(watched: Watched) -> None:
    query = "aws.manifestfilter=donut_type%3Arhododendron"
    assert watched.browser.get(f"{watched.hls}?{query}").status_code == 400
