"""Videos of one color, and the colors in the segments that viewers get."""

import subprocess
import time
from pathlib import Path

from tests.preview.browser import Browser

SECONDS_TO_BE_THERE = 40
RED = ("-f", "lavfi", "-i", "color=red:size=320x180:rate=30")
TONE = ("-f", "lavfi", "-i", "sine")


def red_video(path: Path, seconds: int = 1) -> Path:
    """Red, with a tone."""
    command = ["ffmpeg", "-v", "error", *RED, *TONE, "-t", str(seconds), "-c:a", "aac", str(path)]
    subprocess.run(command, check=True)
    return path


def color_of(segment: bytes) -> tuple[int, ...]:
    """The average color of a segment's first picture, as red, green and blue."""
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-frames:v", "1", "-vf", "scale=1:1"]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    found = subprocess.run([*command, *raw], input=segment, capture_output=True, check=True)
    return tuple(found.stdout)


def colors(browser: Browser, manifest: str, segments: int) -> list[tuple[int, ...]]:
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


def is_red(color: tuple[int, ...]) -> bool:
    """Whether an encoded color was red."""
    red, green, blue = color
    return red > 200 and green < 60 and blue < 60
