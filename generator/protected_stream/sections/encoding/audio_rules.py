"""Rules that the tables of audio break together, or together with the input type."""

from collections.abc import Iterator

from protected_stream.sections.encoding.options import AudioOptions, EncodingOptions
from protected_stream.sections.ingest.carries import Carries
from protected_stream.template.options import Mistake
from protected_stream.template.toml_lines import KeyPath

AUDIO = ("encoding", "audio")
FIRST_TRACK = (("track", 1),)
"""What an audio is that selects none."""


def audio_mistakes(
    options: EncodingOptions, ingest_type: str, carries: Carries
) -> Iterator[Mistake]:
    """Everything in the tables `[[encoding.audio]]` that cannot be.

    Args:
        options: the table that they are in.
        ingest_type: the stream file's name of the input type, for the sentences.
        carries: what a source of that type can carry.
    """
    if options.audio and options.audio_language:
        yield (
            ("encoding", "audio_language"),
            "is given together with encoding.audio, whose tables have a language each: leave one "
            "of them out",
        )
    yield from _audios_differ(options)
    for index, one in enumerate(options.audio):
        yield from _can_arrive(index, one, f'ingest.type = "{ingest_type}"', carries)


def _audios_differ(options: EncodingOptions) -> Iterator[Mistake]:
    """Each is another audio of the source, and players can tell them apart.

    Source: RFC 8216, section 4.3.4.1.1 (all names in a group are different).
    """
    sources: dict[tuple[object, ...], int] = {}
    labels: dict[str, int] = {}
    defaults = [index for index, one in enumerate(options.audio) if one.default]
    for index in defaults[1:]:
        yield (
            _path(index, "default"),
            f"cannot be true, as encoding.audio.{defaults[0]} is, and one only is the default",
        )
    for index, one in enumerate(options.audio):
        source = sources.setdefault(tuple(one.choice.items()) or FIRST_TRACK, index)
        label = labels.setdefault((one.name or one.language).casefold(), index)
        if source != index:
            yield (
                (*AUDIO, str(index)),
                f"is the same audio of the source as encoding.audio.{source}: select another with "
                "track, pid or source_language",
            )
        if label != index:
            yield (
                _path(index, "name"),
                f"must differ from that of encoding.audio.{label}, or players cannot tell them "
                "apart (RFC 8216, section 4.3.4.1.1)",
            )


def _can_arrive(
    index: int, audio: AudioOptions, ingest: str, carries: Carries
) -> Iterator[Mistake]:
    """Source: AWS Elemental MediaLive User Guide, "Setup of audio selectors"."""
    chosen = list(audio.choice)
    possible = carries.audio_choices
    if len(chosen) > 1:
        yield (
            (*AUDIO, str(index)),
            f"selects its source by {' and '.join(chosen)}: give one of them",
        )
    for choice in chosen:
        if choice not in possible:
            others = f"select by {' or '.join(possible)}" if possible else "it carries one audio"
            yield _path(index, choice), f"cannot select an audio with {ingest}: {others}"
    if index and not possible:
        yield (*AUDIO, str(index)), f"cannot arrive with {ingest}, which carries one audio only"
    if audio.dolby and not carries.dolby:
        yield _path(index, "dolby"), f"cannot arrive with {ingest}, which carries no AC-3 or E-AC-3"


def _path(index: int, key: str) -> KeyPath:
    return (*AUDIO, str(index), key)
