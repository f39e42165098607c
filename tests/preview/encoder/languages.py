"""A stream with two audios, captions in two languages, and renditions in AVC and HEVC."""

import tomllib
from pathlib import Path

from protected_stream.config import Stream
from tests.conftest import STREAMS
from tests.preview.encoder.captions import captioned_video

FRAMES_PER_SECOND = 25
LANGUAGES = {"English": "eng", "Deutsch": "deu"}
"""The names of audios and captions, and their languages in the source."""
PITCHES = {"English": 440, "Deutsch": 1000}
"""Hertz of the source's audio in each language."""
TEXTS = {"English": "HELLO THERE", "Deutsch": "GUTEN TAG"}
CHANNELS = {"English": 1, "Deutsch": 3}


def languages() -> Stream:
    """The example, with captions in its other language as well."""
    tables = tomllib.loads(STREAMS["languages"].read_text("utf-8"))
    german = {"language": LANGUAGES["Deutsch"], "name": "Deutsch", "channel": CHANNELS["Deutsch"]}
    tables["encoding"]["captions"].append(german)
    return Stream.model_validate(tables)


def languages_source(path: Path, *names: str) -> Path:
    """A video with audio and captions in some languages.

    Args:
        path: where it is written.
        names: the languages' names; by default, both.
    """
    chosen = names or tuple(LANGUAGES)
    return captioned_video(
        path,
        {CHANNELS[name]: TEXTS[name] for name in chosen},
        [(LANGUAGES[name], PITCHES[name]) for name in chosen],
        frames_per_second=FRAMES_PER_SECOND,
    )
