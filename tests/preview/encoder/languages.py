"""A stream with two audios, captions in two languages, and renditions in AVC and HEVC."""

import tomllib
from pathlib import Path

from protected_stream.config import Stream
from tests.conftest import STREAMS
from tests.preview.encoder.captions import captioned_video

FRAMES_PER_SECOND = 25
AUDIOS = {"Original": ("eng", 440), "Deutsch": ("deu", 1000)}
"""The language and the hertz of each audio of the source, by what players show."""
CAPTIONS = {"English": (1, "HELLO THERE"), "Deutsch": (3, "GUTEN TAG")}
"""The channel and the text of captions, by what players show."""


def languages() -> Stream:
    """The example, with German captions as well, and German audio without a name."""
    tables = tomllib.loads(STREAMS["languages"].read_text("utf-8"))
    english, german = tables["encoding"]["audio"]
    english["name"] = "Original"
    del german["name"]
    channel, _ = CAPTIONS["Deutsch"]
    captions = {"language": "deu", "name": "Deutsch", "channel": channel}
    tables["encoding"]["captions"].append(captions)
    return Stream.model_validate(tables)


def languages_source(path: Path, audios: int = len(AUDIOS)) -> Path:
    """A video with the first audios, and all captions."""
    return captioned_video(
        path,
        dict(CAPTIONS.values()),
        list(AUDIOS.values())[:audios],
        frames_per_second=FRAMES_PER_SECOND,
    )
