"""What a source can carry, by the way in which it arrives."""

from dataclasses import dataclass, replace
from typing import Literal

Codec = Literal["avc", "hevc", "mpeg2"]
AudioChoice = Literal["track", "pid", "source_language"]
CaptionSource = Literal["embedded", "teletext"]


@dataclass(frozen=True, kw_only=True)
class Carries:
    """What MediaLive can read from a source.

    Source: AWS Elemental MediaLive User Guide, "Supported codecs by input type", "Setup of audio
    selectors" and "Captions formats supported in HLS or MediaPackage outputs".
    """

    codecs: tuple[Codec, ...]
    audio_choices: tuple[AudioChoice, ...]
    """How one of several audios can be selected; empty if there is one audio only."""
    dolby: bool
    """Whether AC-3 and E-AC-3 can arrive."""
    captions: tuple[CaptionSource, ...]


RTMP = Carries(codecs=("avc",), audio_choices=(), dolby=False, captions=("embedded",))
TRANSPORT_STREAM = Carries(
    codecs=("avc", "hevc", "mpeg2"),
    audio_choices=("pid", "source_language"),
    dolby=True,
    captions=("embedded", "teletext"),
)
HLS = replace(TRANSPORT_STREAM, codecs=("avc",), captions=("embedded",))
MP4 = Carries(
    codecs=("avc", "hevc", "mpeg2"), audio_choices=("track",), dolby=False, captions=("embedded",)
)
# Dolby comes from Link UHD only, as its SDI input has it
LINK = Carries(
    codecs=("avc", "hevc"),
    audio_choices=("track",),
    dolby=True,
    captions=("embedded", "teletext"),
)
