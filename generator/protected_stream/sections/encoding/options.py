"""Options of the encoding: the table `[encoding]` of the stream file and the tables in it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from protected_stream.lint.levels import H264, H265
from protected_stream.sections.channel_class import CHANNEL_CLASSES, ChannelClass, ChannelClassName
from protected_stream.sections.encoding.codecs import CODECS
from protected_stream.sections.encoding.frame_rate import FrameRate
from protected_stream.sections.encoding.ladder import (
    LADDERS,
    CodecName,
    Ladder,
    LadderName,
    ProfileName,
    Rung,
    own_ladder,
)
from protected_stream.sections.encoding.language import (
    Language,
    LanguageCode,
    LanguageTag,
    RequiredCode,
)
from protected_stream.sections.ingest.carries import AudioChoice, CaptionSource
from protected_stream.sections.ingest.carries import Codec as SourceCodec
from protected_stream.template.options import TOML_LIST, Options, is_unset
from protected_stream.template.validation_errors import shown

AUTO: Literal["auto"] = "auto"
LEVELS = (AUTO, *sorted({*H264.limits, *H265.limits}, key=float))
LEAST_PIXELS = 32
MOST_WIDTH, MOST_HEIGHT = 4096, 2160
"""Ours: 4K. MediaLive's API states no largest size for these codecs."""


def _known_level(level: str) -> str:
    if level not in LEVELS:
        raise ValueError(f"must be one of {', '.join(LEVELS)}; got {shown(level)}")
    return level


LevelName = Annotated[
    str, AfterValidator(_known_level), Field(json_schema_extra={"enum": list(LEVELS)})
]


# Source: ISO/IEC 13818-1, Table 2-3 (PIDs of streams)
LEAST_PID, MOST_PID = 0x0010, 0x1FFE
MOST_TRACK = 64
"""Ours: MediaLive's API has no maximum."""
LONGEST_LABEL = 64
"""Ours: what a menu can show."""


def _label(text: str) -> str:
    """Source: RFC 8216, section 4.2 (quoted-string)."""
    if not text.isprintable() or '"' in text:
        raise ValueError(f"must have no quotation marks or line breaks; got {shown(text)}")
    return text


Label = Annotated[str, AfterValidator(_label)]
"""A name for a menu of players."""


class RenditionOptions(Options):
    """A rendition of a ladder of your own."""

    width: int = Field(ge=LEAST_PIXELS, le=MOST_WIDTH, description="pixels; an even number")
    height: int = Field(ge=LEAST_PIXELS, le=MOST_HEIGHT, description="pixels; an even number")
    bitrate: int = Field(
        ge=CODECS["avc"].bitrates[0],
        le=CODECS["avc"].bitrates[1],
        description="maximum, in bits per second (QVBR); with hevc, 100,000 to 40,000,000",
    )
    codec: CodecName = Field(
        default="avc",
        description="hevc: smaller at the same quality; not every browser plays it, and no format "
        "with other than CMAF segments has it",
    )
    quality: int = Field(
        default=7,
        ge=1,
        le=10,
        description="quality that MediaLive aims for, up to the maximum bitrate (QVBR)",
    )
    profile: Literal["auto", ProfileName] = Field(
        default=AUTO,
        description="auto: main, and high for avc from 1080 lines on; high only with avc, "
        "main-10bit only with hevc",
    )
    level: LevelName = Field(
        default=AUTO,
        description="the codec's level, for devices that decode no higher one; auto: the lowest "
        "that fits",
    )

    @property
    def rung(self) -> Rung:
        """The rendition as part of a ladder."""
        is_high = self.codec == "avc" and self.height >= FIRST_HIGH_LINES
        automatic: ProfileName = "high" if is_high else "main"
        return Rung(
            width=self.width,
            height=self.height,
            bitrate=self.bitrate,
            quality=self.quality,
            codec=self.codec,
            profile=automatic if self.profile == "auto" else self.profile,
            level=self.level,
        )


class AudioOptions(Options):
    """An audio of the stream."""

    language: LanguageTag = Field(
        max_length=35, description="language (RFC 5646), such as en or pt-BR"
    )
    name: Label = Field(
        default="",
        max_length=LONGEST_LABEL,
        description="what players show in their menu, such as Commentary; empty: the language",
    )
    default: bool = Field(
        default=False,
        description="players begin with this audio; if no audio says so, with the first",
    )
    track: int | None = Field(
        default=None, ge=1, le=MOST_TRACK, description="the source's audio with this number"
    )
    pid: int | None = Field(
        default=None,
        ge=LEAST_PID,
        le=MOST_PID,
        description="the audio of a transport stream with this PID",
    )
    source_language: LanguageCode = Field(
        default="",
        description="the audio of a transport stream in this language (ISO 639-2), such as deu; "
        "without track, pid or source_language: the source's first audio",
    )
    dolby: bool = Field(
        default=False,
        description="besides AAC, pass through the source's AC-3 or E-AC-3, which it must have all "
        "the time",
    )

    @property
    def choice(self) -> dict[AudioChoice, int | str]:
        """What selects it from the source's audios; one entry at most if the table is right."""
        named: dict[AudioChoice, int | str | None] = {
            "track": self.track,
            "pid": self.pid,
            "source_language": self.source_language or None,
        }
        return {name: value for name, value in named.items() if value is not None}


class CaptionOptions(Options):
    """Captions of the stream."""

    source: CaptionSource = Field(
        default="embedded",
        description="how they arrive. embedded: in the video (CEA-608 or -708); teletext: in a "
        "transport stream",
    )
    form: Literal["embedded", "track"] = Field(
        default="embedded",
        description="how they are delivered. embedded: as they are, inside every rendition; track: "
        "as a track of their own (TTML)",
    )
    language: RequiredCode = Field(description="language (ISO 639-2), such as eng or deu")
    name: Label = Field(
        default="",
        max_length=LONGEST_LABEL,
        description="what players show in their menu; empty: the language",
    )
    channel: int | None = Field(
        default=None,
        ge=1,
        le=4,
        description="with embedded captions, their channel in the video; without it, 1",
    )
    page: int | None = Field(
        default=None, ge=100, le=899, description="with teletext, the page of the subtitles"
    )

    @property
    def channel_number(self) -> int:
        """The channel of embedded captions."""
        return self.channel or 1

    @property
    def label(self) -> str:
        """What players show."""
        return self.name or self.language


FIRST_HIGH_LINES = 1080
"""As in the ladders with a name."""


class EncodingOptions(Options):
    """How MediaLive encodes the source."""

    channel_class: ChannelClassName = Field(
        default="STANDARD",
        description="STANDARD: two pipelines, one continues if the other fails; SINGLE_PIPELINE: "
        "one, at lower cost",
    )
    ladder: LadderName = Field(
        default="HD-1080p",
        description="renditions, named after the largest; SD-360p is for mobile networks, "
        "UHD-2160p is all HEVC",
    )
    renditions: Annotated[tuple[RenditionOptions, ...], TOML_LIST] = Field(
        default=(),
        exclude_if=is_unset,
        description="a ladder of your own instead of `ladder`, from the largest rendition to the "
        "smallest",
    )
    audio: Annotated[tuple[AudioOptions, ...], TOML_LIST] = Field(
        default=(),
        exclude_if=is_unset,
        description="the audios of the stream, if there are several or one is selected; otherwise "
        "it has the source's first",
    )
    captions: Annotated[tuple[CaptionOptions, ...], TOML_LIST] = Field(
        default=(),
        exclude_if=is_unset,
        description="the captions of the stream; without a table, it has none, even if the source "
        "has",
    )
    source_codec: SourceCodec = Field(
        default="avc",
        exclude_if=lambda codec: codec == "avc",
        description="codec of the source, which determines the price of the input; RTMP carries "
        "avc only",
    )
    frame_rate: FrameRate = Field(
        default=30,
        description="frames per second of every rendition; set the encoder to the same (23.976, "
        "29.97 and 59.94 are the exact ratios, such as 30000/1001)",
    )
    gop_seconds: int = Field(
        default=2,
        ge=1,
        le=4,
        description="GOP length in seconds; viewers can join at the start of a GOP",
    )
    audio_language: Language = Field(
        default="",
        max_length=35,
        description="language of the audio (RFC 5646), such as en; empty: as the source says, "
        "which RTMP does not",
    )
    log_level: Literal["off", "error", "warning", "info", "debug"] = Field(
        default="off",
        description="what MediaLive logs of the encoder, in the log group ElementalMediaLive, "
        "which all channels of the account share",
    )
    thumbnails: bool = Field(
        default=False,
        description="show the picture in MediaLive's console; the channel's role may then write to "
        "any S3 bucket, as the name of MediaLive's own is not documented",
    )

    @property
    def chosen_ladder(self) -> Ladder:
        """The renditions of one's own, if there are any, or those of the named ladder."""
        own = [rendition.rung for rendition in self.renditions]
        return own_ladder(own) if own else LADDERS[self.ladder]

    @property
    def pipelines(self) -> ChannelClass:
        """The channel class and what depends on it."""
        return CHANNEL_CLASSES[self.channel_class]
