"""Videos with embedded CEA-608 captions and several audios, and the captions in segments.

ffmpeg copies captions but cannot make them, so they are inserted into an H.264 stream here.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path

START_CODE = b"\x00\x00\x00\x01"
SLICES = (1, 5)
"""The types of NAL units that are pictures: ITU-T H.264, table 7-1."""
NOTHING = (0x00, 0x00)
PAIRS = 60
"""Frames until captions appear again; each has two bytes of a channel."""
# The codes of pop-on captions for CC1: CTA-608-E, 8.4 and annex B
RESUME_LOADING = (0x14, 0x20)
ERASE_HIDDEN = (0x14, 0x2E)
BOTTOM_ROW = (0x14, 0x70)
END_OF_CAPTION = (0x14, 0x2F)
FIELDS = {1: 0, 3: 1}
"""The field that has a channel's bytes."""


def captioned_video(
    path: Path,
    texts: Mapping[int, str],
    audios: Sequence[tuple[str, int]],
    *,
    seconds: int = 4,
    frames_per_second: int = 30,
) -> Path:
    """A red video with captions, which appear again after some seconds.

    Args:
        path: where it is written; the suffix chooses the container.
        texts: the text of each channel, 1 or 3.
        audios: the language and the hertz of each audio.
        seconds: its duration.
        frames_per_second: its frame rate.
    """
    size = f"color=red:size=320x180:rate={frames_per_second}"
    encode = ["-t", str(seconds), "-c:v", "libx264", "-bf", "0", "-threads", "1", "-f", "h264"]
    plain = _ffmpeg(["-f", "lavfi", "-i", size, *encode, "pipe:1"])
    inputs = ["-f", "h264", "-framerate", str(frames_per_second), "-i", "pipe:0"]
    maps = ["-map", "0:v"]
    for index, (language, hertz) in enumerate(audios):
        inputs += ["-f", "lavfi", "-t", str(seconds), "-i", f"sine=frequency={hertz}"]
        maps += ["-map", f"{index + 1}:a", f"-metadata:s:a:{index}", f"language={language}"]
    stream = captioned(plain, texts)
    _ffmpeg([*inputs, *maps, "-c:v", "copy", "-c:a", "aac", "-y", str(path)], stream)
    return path


def captioned(stream: bytes, texts: Mapping[int, str]) -> bytes:
    """An H.264 byte stream with a caption SEI message before each picture."""
    tracks = {channel: _pairs(channel, text) for channel, text in texts.items()}
    found = []
    for unit in re.split(b"\x00\x00\x00\x01|\x00\x00\x01", stream)[1:]:
        if unit[0] & 31 in SLICES:
            pairs = {FIELDS[channel]: next(pair) for channel, pair in tracks.items()}
            found.append(_sei(pairs))
        found.append(unit)
    return b"".join(START_CODE + unit for unit in found)


def _pairs(channel: int, text: str) -> Iterator[tuple[int, int]]:
    """The channel's bytes for each frame, without end; commands are sent twice."""
    letters = text.encode("ascii") + b"\0" * (len(text) % 2)
    shown = [
        *(RESUME_LOADING, RESUME_LOADING, ERASE_HIDDEN, ERASE_HIDDEN, BOTTOM_ROW, BOTTOM_ROW),
        *zip(letters[::2], letters[1::2], strict=True),
        *(END_OF_CAPTION, END_OF_CAPTION),
    ]
    codes = [_in_field(FIELDS[channel], pair) for pair in shown]
    pause = repeat(NOTHING, PAIRS - len(codes))
    return chain.from_iterable(repeat([*codes, *pause]))


def _in_field(field: int, pair: tuple[int, int]) -> tuple[int, int]:
    """Commands, except for positions, have another first byte in the second field."""
    first, second = pair
    is_command = first == RESUME_LOADING[0] and second < BOTTOM_ROW[1]
    return (first + field if is_command else first), second


def _sei(pairs: Mapping[int, tuple[int, int]]) -> bytes:
    """The captions of a picture: ATSC A/53 part 4, 6.2.3 (GA94), in an SEI message of H.264."""
    data = b"".join(
        bytes([0xFC | field, *map(_odd, pairs.get(field, NOTHING))]) for field in (0, 1)
    )
    payload = b"\xb5\x00\x31GA94\x03" + bytes([0xC0 | 2, 0xFF]) + data + b"\xff"
    return bytes([0x06, 0x04, len(payload)]) + payload + b"\x80"


def _odd(value: int) -> int:
    """With a parity bit, so that the number of ones is odd."""
    return value | (0x80 if value.bit_count() % 2 == 0 else 0)


def caption_text(video: Path) -> str:
    """What ffmpeg's own decoder reads in the first field of a file."""
    movie = f"movie={video}[out0+subcc]"
    text = _ffmpeg(["-f", "lavfi", "-i", movie, "-map", "0:s", "-f", "srt", "pipe:1"]).decode()
    return re.sub(r"<[^>]*>|{[^}]*}", "", text)


def _ffmpeg(arguments: Sequence[str], given: bytes = b"") -> bytes:
    command = ["ffmpeg", "-v", "error", *arguments]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout
