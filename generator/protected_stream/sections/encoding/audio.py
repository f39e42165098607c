"""Audio that a MediaLive channel selects from its source, encodes as AAC, or passes through."""

from dataclasses import dataclass

from troposphere import NoValue, medialive

from protected_stream.sections.encoding.options import AudioOptions, EncodingOptions
from protected_stream.sections.packaging import EncodedStream

BITS_PER_SECOND = 96_000
SAMPLES_PER_SECOND = 48_000
FIRST = "default"
"""The selector of the source's first audio."""


@dataclass(frozen=True, kw_only=True)
class Audio:
    """One audio of the stream."""

    name: str
    """The name of its description and output."""
    source: AudioOptions | None = None
    """Which of the source's audios it is; None: the first."""
    language: str = ""
    """A tag (RFC 5646); empty: as the source says."""
    label: str = ""
    """What players show in their menu; empty: what they make of the language."""
    is_dolby: bool = False
    """Whether the source's AC-3 or E-AC-3 passes through; otherwise it is encoded as AAC."""
    is_default: bool = True
    """Whether players begin with it."""

    @property
    def selector(self) -> str:
        """The name of its selector: that of the choice, or of the source's first audio."""
        choice = self.source.choice if self.source else {}
        named = (f"{name.partition('_')[0]}-{value}" for name, value in choice.items())
        return next(named, FIRST)


def audios(options: EncodingOptions) -> tuple[Audio, ...]:
    """The audios of the stream: the default one first, then in the order of the stream file.

    Players begin with it, whether MediaPackage takes MediaLive's choice of a default or its first
    audio. Source: AWS Elemental MediaPackage v2 User Guide, "Supported features".
    """
    if not options.audio:
        return (Audio(name="audio", language=options.audio_language),)
    default = next((number for number, one in enumerate(options.audio) if one.default), 0)
    found = [
        Audio(
            name=f"audio-{number + 1}-{one.language}{'-dolby' if is_dolby else ''}",
            source=one,
            language=one.language,
            label=one.name,
            is_dolby=is_dolby,
            is_default=number == default and not is_dolby,
        )
        for number, one in enumerate(options.audio)
        for is_dolby in ((False, True) if one.dolby else (False,))
    ]
    return tuple(sorted(found, key=lambda one: not one.is_default))


def audio_selectors(chosen: tuple[Audio, ...]) -> list[medialive.AudioSelector]:
    """The selectors of an input, each once."""
    return [_selector(one) for one in {one.selector: one for one in chosen}.values()]


def _selector(audio: Audio) -> medialive.AudioSelector:
    settings = _selected(audio.source) if audio.source else None
    return medialive.AudioSelector(Name=audio.selector, SelectorSettings=settings or NoValue)


def _selected(source: AudioOptions) -> medialive.AudioSelectorSettings | None:
    """Source: AWS Elemental MediaLive API, AudioSelectorSettings.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    if source.track is not None:
        tracks = medialive.AudioTrackSelection(Tracks=[medialive.AudioTrack(Track=source.track)])
        return medialive.AudioSelectorSettings(AudioTrackSelection=tracks)
    if source.pid is not None:
        pid = medialive.AudioPidSelection(Pid=source.pid)
        return medialive.AudioSelectorSettings(AudioPidSelection=pid)
    if source.source_language:
        language = medialive.AudioLanguageSelection(
            LanguageCode=source.source_language,
            LanguageSelectionPolicy="STRICT",  # silence rather than another language
        )
        return medialive.AudioSelectorSettings(AudioLanguageSelection=language)
    return None


def audio_description(audio: Audio) -> medialive.AudioDescription:
    """How the audio is encoded.

    Source: AWS Elemental MediaLive API, AudioDescription.
    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    return medialive.AudioDescription(
        Name=audio.name,
        AudioSelectorName=audio.selector,
        AudioTypeControl="FOLLOW_INPUT",
        LanguageCodeControl="USE_CONFIGURED" if audio.language else "FOLLOW_INPUT",
        LanguageCode=audio.language or NoValue,
        StreamName=audio.label or NoValue,
        CodecSettings=_passed_through() if audio.is_dolby else _aac(),
    )


def _passed_through() -> medialive.AudioCodecSettings:
    """The source must have AC-3 or E-AC-3 all the time, as nothing encodes another audio.

    Source: AWS Elemental MediaLive User Guide, "Dolby Digital and Dolby Digital Plus passthrough".
    """
    return medialive.AudioCodecSettings(PassThroughSettings=medialive.EmptyConfigurationSettings())


def _aac() -> medialive.AudioCodecSettings:
    return medialive.AudioCodecSettings(
        AacSettings=medialive.AacSettings(
            Bitrate=BITS_PER_SECOND,
            SampleRate=SAMPLES_PER_SECOND,
            CodingMode="CODING_MODE_2_0",
            InputType="NORMAL",
            Profile="LC",
            RateControlMode="CBR",
            RawFormat="NONE",
            Spec="MPEG4",
        )
    )


def audio_streams(chosen: tuple[Audio, ...]) -> tuple[EncodedStream, ...]:
    """The outputs of the audios, which say which one is the default if there are several.

    How audios are grouped by codec in HLS is left to MediaPackage.
    """
    is_choice = len(chosen) > 1
    return tuple(
        EncodedStream(
            name=one.name,
            descriptions={"AudioDescriptionNames": [one.name]},
            is_default=one.is_default if is_choice else None,
        )
        for one in chosen
    )
