"""Audio of the renditions: a stream of the source, or what replaces it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from preview.encoder.codecs import AUDIO_CODECS
from preview.encoder.ladder import Ladder, Sound
from preview.encoder.source import AudioStream, Footage


@dataclass(frozen=True, kw_only=True)
class ChosenAudio:
    """What an audio rendition is made of."""

    sound: Sound
    stream: AudioStream | None = None
    """None: a tone, or silence."""
    is_copied: bool = False
    """Whether the stream is not encoded again."""
    is_silent: bool = False
    """Whether there is silence, as the source does not have what the template selects."""
    note: str = ""
    """What differs from the template, for the operator; "" if nothing does."""


def chosen_audio(ladder: Ladder, footage: Footage | None) -> list[ChosenAudio]:
    """What each audio rendition is made of, in the ladder's order.

    A test pattern, and a source without any audio, get a tone for each of them.
    """
    if footage is None or not footage.audios:
        return [ChosenAudio(sound=sound) for sound in ladder.sounds]
    return [_chosen(sound, footage) for sound in ladder.sounds]


def with_source_languages(ladder: Ladder, footage: Footage | None) -> Ladder:
    """The ladder with the languages and channels that the source states, where those hold."""
    chosen = chosen_audio(ladder, footage)
    return replace(ladder, sounds=tuple(_described(one) for one in chosen))


def _chosen(sound: Sound, footage: Footage) -> ChosenAudio:
    stream = sound.selection.chosen(footage.audios)
    if stream is None:
        stream = sound.selection.substitute(footage.audios)
        instead = "its first audio replaces it" if stream else "silence replaces it"
        note = f"{sound.description}: the source has no {sound.selection.wanted}; {instead}"
        if stream is None:
            return ChosenAudio(sound=sound, is_silent=True, note=note)
    else:
        note = ""
    passes = AUDIO_CODECS[sound.codec].passes
    if passes and stream.codec not in passes:
        note = (
            f"{sound.description}: the template passes AC-3 or E-AC-3 through, but the source's"
            f" audio is {stream.codec}; silence replaces it"
        )
        return ChosenAudio(sound=sound, is_silent=True, note=note)
    return ChosenAudio(sound=sound, stream=stream, is_copied=bool(passes), note=note)


def _described(chosen: ChosenAudio) -> Sound:
    sound, stream = chosen.sound, chosen.stream
    if stream is None:
        return sound
    stated = sound.prefers_source_language and stream.language
    return replace(
        sound,
        language=stated or sound.language,
        channels=stream.channels if chosen.is_copied else sound.channels,
    )


def source_notes(ladder: Ladder, footage: Footage | None) -> Iterator[str]:
    """What the operator should know about the source, one line each."""
    for chosen in chosen_audio(ladder, footage):
        if chosen.note:
            yield f"audio    {chosen.note}"
