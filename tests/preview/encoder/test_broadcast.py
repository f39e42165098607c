"""The template's stream with real video, from start to stop."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from preview.account import Account
from preview.encoder import Broadcast
from preview.encoder.tracks import Track, tracks
from preview.errors import PreviewError
from preview.resource import Resource
from preview.services.media import STOP_SECONDS
from tests.preview.encoder.resources import ORIGIN, parsed
from tests.preview.operator import copy_code, deployed, go_on_air, start_channel, template_in
from tests.preview.process_list import running, soon_gone
from tests.preview.required_programs import needs_ffmpeg

pytestmark = needs_ffmpeg

FIRST_SECONDS = 12
"""Maximum time until there is something to play, even on a busy machine."""
LOOK = 0.1
"""Polling interval in seconds."""


@dataclass(kw_only=True)
class Station:
    """A stack with video."""

    account: Account
    broadcast: Broadcast
    folder: Path
    outputs: dict[str, str]
    said: list[str]
    waited: tuple[float, float] = (0, 0)
    """Seconds until the first and the third segment were available."""

    @property
    def endpoint(self) -> Resource:
        (endpoint,) = self.account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
        return endpoint

    def served(self, name: str) -> bytes | None:
        """The packager's response."""
        return self.account.media.answer(self.endpoint, name)

    def text(self, name: str) -> str:
        """A manifest that exists."""
        body = self.served(name)
        assert body is not None, name
        return body.decode()

    def waits_for(self, condition: Callable[[], object], seconds: float = FIRST_SECONDS) -> float:
        """Runs the broadcast until the condition holds; how long that took."""
        begun = time.monotonic()
        while not condition():
            assert time.monotonic() - begun < seconds, self.said
            self.broadcast.follow()
            time.sleep(LOOK)
        return time.monotonic() - begun

    def waits_for_segments(self, count: int) -> float:
        """The same, until the largest rendition has `count` segments."""
        return self.waits_for(lambda: len(self.segments("index_0.m3u8")) >= count)

    def segments(self, child: str) -> list[str]:
        """The segments in a media playlist, if it exists."""
        playlist = self.served(child) or b""
        return [line for line in playlist.decode().splitlines() if line.endswith(".m4s")]

    def tracks(self) -> list[Track]:
        """The tracks in the MPD."""
        return tracks(parsed(self.text("index.mpd")))


@pytest.fixture(scope="module")
def station(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """The default stream, on air with four segments."""
    folder = tmp_path_factory.mktemp("broadcast")
    said: list[str] = []
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        broadcast = Broadcast(account, folder, None, said.append)
        account.media.source = broadcast.answer
        made = Station(
            account=account,
            broadcast=broadcast,
            folder=folder,
            outputs=dict(stack.outputs),
            said=said,
        )
        broadcast.follow()
        assert list(folder.iterdir()) == []
        assert made.served("index.m3u8") is None
        go_on_air(account, stack.outputs)
        broadcast.follow()  # benchmarks this machine
        first = made.waits_for_segments(1)
        made.waited = (first, first + made.waits_for_segments(3))
        made.waits_for_segments(4)
        try:
            yield made
        finally:
            broadcast.close()
            assert list(folder.iterdir()) == []


def test_it_prints_the_renditions(station: Station) -> None:
    assert len(station.said) == 1
    assert re.fullmatch(
        r"video    6 renditions up to [0-9]+x[0-9]+ \([0-9]+% of the template's size, .*\)",
        station.said[0],
    )


def test_a_viewer_can_start_three_segments_behind_soon_after_the_start(station: Station) -> None:
    """RFC 8216, 6.3.3; in real time, the third segment would be available after 12 seconds."""
    first, third = station.waited
    assert first < 4
    assert third < 10


def test_hls_has_the_templates_renditions_and_the_audio(station: Station) -> None:
    playlist = station.text("index.m3u8")
    sizes = re.findall("RESOLUTION=([0-9]+)x([0-9]+)", playlist)
    heights = [int(height) for _, height in sizes]
    assert len(heights) == 6
    assert heights == sorted(heights, reverse=True)
    assert min(heights) >= 72
    assert max(heights) <= 1080
    shapes = [int(width) / int(height) for width, height in sizes]
    assert shapes == pytest.approx([16 / 9] * 6, rel=0.02)
    assert playlist.count("FRAME-RATE=30.000") == 6
    codecs = re.findall('CODECS="(.*?)"', playlist)
    assert [re.sub("avc1.(..)....", r"\1", one) for one in codecs] == [
        "64,mp4a.40.2",  # High, as in the template for the largest
        *["4d,mp4a.40.2"] * 5,
    ]
    children = [line for line in playlist.splitlines() if not line.startswith("#")]
    assert children == [f"index_{number}.m3u8" for number in range(6)]
    assert 'URI="index_6.m3u8"' in playlist


@pytest.mark.parametrize("number", range(7))
def test_every_hls_segment_exists_with_the_templates_duration_and_a_date(
    station: Station, number: int
) -> None:
    playlist = station.text(f"index_{number}.m3u8")
    lengths = [float(one) for one in re.findall("#EXTINF:(.*),", playlist)]
    assert lengths == pytest.approx([4] * len(lengths), abs=0.05 if number == 6 else 0.001)
    assert "#EXT-X-TARGETDURATION:4\n" in playlist
    assert "ENDLIST" not in playlist
    dates = re.findall("#EXT-X-PROGRAM-DATE-TIME:(.*)", playlist)
    assert len(dates) == len(lengths)
    for name in station.segments(f"index_{number}.m3u8"):
        assert (station.served(name) or b"")[4:8] == b"styp"
    initialization = re.findall('#EXT-X-MAP:URI="(.*)"', playlist)[0]
    assert (station.served(initialization) or b"")[4:8] == b"ftyp"


def test_media_time_is_this_machines_and_the_live_edge_is_near(station: Station) -> None:
    newest = [one.segments[-1] for one in station.tracks()]
    behind = [time.time() - (ORIGIN + one.begins + one.seconds) for one in newest]
    assert min(behind) > -0.5
    assert max(behind) < 4 + 2
    date = re.findall("#EXT-X-PROGRAM-DATE-TIME:(.*)", station.text("index_0.m3u8"))[0]
    first = station.tracks()[0].segments[0]
    assert datetime.fromisoformat(date).timestamp() == pytest.approx(
        ORIGIN + first.begins, abs=0.001
    )


def test_dash_and_hls_list_the_same_segments(station: Station) -> None:
    def lists() -> list[list[str]]:
        found = station.tracks()
        return [[segment.name for segment in one.segments] for one in found]

    before = lists()
    playlists = [station.segments(f"index_{number}.m3u8") for number in range(7)]
    assert playlists in (before, lists())  # a segment may have been added in between


def test_all_video_tracks_are_segmented_at_the_same_times(station: Station) -> None:
    cuts = {tuple(one.begins for one in track.segments) for track in station.tracks()[:6]}
    assert len(cuts) == 1


def test_the_mpd_has_the_templates_settings(station: Station) -> None:
    root = parsed(station.text("index.mpd"))
    assert root.get("type") == "dynamic"
    assert root.get("minimumUpdatePeriod") == "PT4S"
    assert root.get("minBufferTime") == "PT8S"
    assert root.get("suggestedPresentationDelay") == "PT12S"
    assert root.get("timeShiftBufferDepth") == "PT300S"
    told = datetime.fromisoformat(root[-1].attrib["value"]).timestamp()
    assert told == pytest.approx(time.time(), abs=2)
    period = float(str(root[0].get("start")).removeprefix("PT").removesuffix("S"))
    assert period == pytest.approx(station.tracks()[0].segments[0].begins, abs=0.002)


@pytest.mark.parametrize("number", range(7))
def test_segments_play(station: Station, number: int, tmp_path: Path) -> None:
    track = station.tracks()[number]
    names = (track.initialization, track.segments[-1].name)
    (tmp_path / "segment.mp4").write_bytes(b"".join(station.served(name) or b"" for name in names))
    show = ("-show_streams", "-show_packets", "-of", "json", tmp_path / "segment.mp4")
    probed = json.loads(subprocess.run(["ffprobe", *show], capture_output=True, check=True).stdout)
    (stream,) = probed["streams"]
    packets = probed["packets"]
    begins = float(packets[0]["pts_time"])
    assert begins == pytest.approx(track.segments[-1].begins, abs=0.001)
    if number == 6:
        assert (stream["codec_name"], stream["sample_rate"]) == ("aac", "48000")
        return
    assert (stream["codec_name"], stream["width"], stream["height"]) == (
        "h264",
        track.width,
        track.height,
    )
    assert len(packets) == 4 * 30
    joints = [float(one["pts_time"]) - begins for one in packets if "K" in one["flags"]]
    assert joints == pytest.approx([0, 2], abs=0.001)  # GOPs of two seconds
    sizes = sum(int(one["size"]) for one in packets)
    assert sizes * 8 / 4 < track.bandwidth * 1.1


def test_frames_show_their_time(station: Station, tmp_path: Path) -> None:
    """White on black at the bottom, where the test pattern is colored."""
    filters = subprocess.run(["ffmpeg", "-filters"], capture_output=True, check=True).stdout
    if b" drawtext " not in filters:
        pytest.skip("this ffmpeg is built without drawtext")
    track = station.tracks()[0]
    names = (track.initialization, track.segments[0].name)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"".join(station.served(name) or b"" for name in names))
    strip = "crop=iw/4:ih/12:iw*3/8:ih-ih/6,format=rgb24"
    raw = ("-frames:v", "1", "-f", "rawvideo", "-")
    command = ["ffmpeg", "-v", "error", "-i", str(film), "-vf", strip, *raw]
    colors = subprocess.run(command, capture_output=True, check=True).stdout
    pixels = [colors[at : at + 3] for at in range(0, len(colors), 3)]
    dark = [pixel for pixel in pixels if max(pixel) < 60]
    light = [pixel for pixel in pixels if min(pixel) > 200]
    assert len(dark) / len(pixels) > 0.4
    assert len(light) / len(pixels) > 0.05


def test_when_ffmpeg_is_killed_another_continues(station: Station) -> None:
    numbers = re.findall("SEQUENCE:([0-9]+)", station.text("index_0.m3u8"))
    names = station.segments("index_0.m3u8")
    source = names[0].rpartition("_0_")[0]
    (ffmpeg,) = [pid for pid, line in running(source).items() if line.startswith("ffmpeg")]
    os.kill(ffmpeg, signal.SIGKILL)
    station.waits_for(lambda: len(station.said) == 2)
    assert station.said.pop() == ("ffmpeg exited and is restarted: no output (exit code 137)")
    station.waits_for_segments(1)
    after = re.findall("SEQUENCE:([0-9]+)", station.text("index_0.m3u8"))
    assert int(after[0]) >= int(numbers[0]) + len(names)
    assert (numbers[1], after[1]) == ("0", "1")
    assert station.served(names[0]) is None
    assert soon_gone(source)


def test_when_the_channel_stops_nothing_is_served_and_no_files_are_left(station: Station) -> None:
    account, name = station.account, station.segments("index_0.m3u8")[0]
    source = name.rpartition("_0_")[0]
    assert len(running(source)) == 2  # the supervisor and ffmpeg
    account.media.stop(station.outputs["ChannelId"])
    assert station.served("index.m3u8") is None
    station.broadcast.follow()
    assert soon_gone(source)
    assert list(station.folder.iterdir()) == []
    account.events.pass_time(STOP_SECONDS)
    start_channel(account, station.outputs["ChannelId"])
    assert [station.served(one) for one in ("index.m3u8", "index.mpd", name)] == [None] * 3
    station.waits_for(lambda: station.served("index.m3u8"))
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:2\n" in station.text("index_0.m3u8")


def test_a_missing_video_is_an_error_before_anything_runs(station: Station, tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"film\.mp4 does not exist"):
        Broadcast(station.account, tmp_path, tmp_path / "film.mp4", print)
