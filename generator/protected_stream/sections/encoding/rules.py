"""Rules that options of the encoding break together, or together with the input type."""

from collections.abc import Callable, Iterator, Sequence

from protected_stream.lint.levels import Excess, Stated, excesses
from protected_stream.sections.encoding.audio_rules import audio_mistakes
from protected_stream.sections.encoding.caption_rules import caption_mistakes
from protected_stream.sections.encoding.codecs import CODECS
from protected_stream.sections.encoding.frame_rate import RATIOS
from protected_stream.sections.encoding.options import AUTO, EncodingOptions, RenditionOptions
from protected_stream.sections.ingest.carries import Carries
from protected_stream.template.options import Mistake
from protected_stream.template.toml_lines import KeyPath

MOST_TRACKS = 10
RENDITIONS = ("encoding", "renditions")


def encoding_mistakes(
    options: EncodingOptions, ingest_type: str, carries: Carries
) -> Iterator[Mistake]:
    """Everything in the table `[encoding]` that cannot be, each with the key to change.

    Args:
        options: the table.
        ingest_type: the stream file's name of the input type, for the sentences.
        carries: what a source of that type can carry.
    """
    if options.renditions and "ladder" in options.model_fields_set:
        yield (
            RENDITIONS,
            f'is given together with encoding.ladder ("{options.ladder}"), which it replaces: '
            "leave one of them out",
        )
    for check in RENDITION_CHECKS:
        yield from check(options)
    yield from audio_mistakes(options, ingest_type, carries)
    yield from caption_mistakes(options, ingest_type, carries)
    yield from _tracks_are_not_too_many(options)
    if options.source_codec not in carries.codecs:
        yield (
            ("encoding", "source_codec"),
            f'"{options.source_codec}" cannot arrive with ingest.type = "{ingest_type}", which '
            f"carries {' and '.join(carries.codecs)}",
        )


def _tracks_are_not_too_many(options: EncodingOptions) -> Iterator[Mistake]:
    """Captions inside the video belong to its track.

    Source: AWS Elemental MediaPackage v2 User Guide, "Quotas in AWS Elemental MediaPackage", hard
    quotas. https://docs.aws.amazon.com/mediapackage/latest/userguide/quotas.html
    """
    count = {
        "video": len(options.chosen_ladder.rungs),
        "audio": max(1, sum(2 if one.dolby else 1 for one in options.audio)),
        "captions": sum(1 for one in options.captions if one.form == "track"),
    }
    if sum(count.values()) > MOST_TRACKS:
        told = " + ".join(f"{number} {kind}" for kind, number in count.items() if number)
        yield (
            ("encoding",),
            f"has {told} = {sum(count.values())} tracks, and MediaPackage takes at most "
            f"{MOST_TRACKS} (MediaPackage v2 User Guide, Quotas): leave out renditions, audios or "
            "captions",
        )


def _sizes_are_even(options: EncodingOptions) -> Iterator[Mistake]:
    """Source: AWS Elemental MediaLive API, VideoDescription, Width and Height.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    for index, one in enumerate(options.renditions):
        for name, pixels in (("width", one.width), ("height", one.height)):
            if pixels % 2:
                yield (
                    _path(index, name),
                    f"must be even, as MediaLive encodes no other sizes (MediaLive API, "
                    f"VideoDescription); got {pixels}",
                )


def _bitrates_suit_the_codec(options: EncodingOptions) -> Iterator[Mistake]:
    for index, one in enumerate(options.renditions):
        codec = CODECS[one.codec]
        least, most = codec.bitrates
        if not least <= one.bitrate <= most:
            yield (
                _path(index, "bitrate"),
                f'must be between {least} and {most} with codec = "{one.codec}" '
                f"({codec.source}); got {one.bitrate}",
            )


def _each_is_smaller(options: EncodingOptions) -> Iterator[Mistake]:
    """Of each codec, from the largest to the smallest, so that no two are alike.

    Ours: readers and players see the order, and a larger picture with fewer bits is a slip.
    """
    before: dict[str, RenditionOptions] = {}
    for index, one in enumerate(options.renditions):
        larger = before.get(one.codec)
        before[one.codec] = one
        if larger is None:
            continue
        if one.bitrate >= larger.bitrate:
            yield (
                _path(index, "bitrate"),
                f"must be less than that of the {one.codec} rendition before it "
                f"({larger.bitrate}): order renditions of a codec from the largest to the "
                f"smallest, no two alike; got {one.bitrate}",
            )
        elif one.width * one.height > larger.width * larger.height:
            yield (
                _path(index, "width"),
                f"makes the picture larger than that of the {one.codec} rendition before it "
                f"({larger.width}x{larger.height}), which has a higher bitrate: order renditions "
                f"of a codec from the largest to the smallest; got {one.width}x{one.height}",
            )


def _profiles_suit_the_codec(options: EncodingOptions) -> Iterator[Mistake]:
    for index, one in enumerate(options.renditions):
        profiles = CODECS[one.codec].profiles
        if one.profile != AUTO and one.profile not in profiles:
            yield (
                _path(index, "profile"),
                f'"{one.profile}" is not a profile of codec = "{one.codec}", which has '
                f"{' and '.join(profiles)}",
            )


def _levels_suffice(options: EncodingOptions) -> Iterator[Mistake]:
    """Source: Recommendations ITU-T H.264, Table A-1, and H.265, Tables A.8 and A.9."""
    for index, one in enumerate(options.renditions):
        levels = CODECS[one.codec].levels
        limits = levels.limits.get(one.level)
        if one.level != AUTO and limits is None:
            yield (
                _path(index, "level"),
                f'"{one.level}" is not a level of codec = "{one.codec}", which has '
                f"{', '.join(levels.limits)}",
            )
        excess = next(_excesses(one, options), None) if limits else None
        if excess:
            what, there, most = excess
            yield (
                _path(index, "level"),
                f'"{one.level}" of {one.codec} allows {most:,.0f} {what} (Recommendation ITU-T '
                f"{levels.recommendation}); this rendition has {there:,.0f}{_rate(what, options)}",
            )


def _rate(what: str, options: EncodingOptions) -> str:
    """The option that decides how many there are of what is counted by the second."""
    return f" at frame_rate = {options.frame_rate:g}" if what.endswith("s per second") else ""


def _excesses(one: RenditionOptions, options: EncodingOptions) -> Iterator[Excess]:
    codec, rung = CODECS[one.codec], one.rung
    video = Stated(
        width=one.width,
        height=one.height,
        rate=RATIOS[options.frame_rate],
        profile=codec.profiles.get(rung.profile, ""),
        bitrates={"bitrate": one.bitrate},
    )
    return excesses(codec.levels, codec.levels.limits[one.level], video)


RENDITION_CHECKS: Sequence[Callable[[EncodingOptions], Iterator[Mistake]]] = (
    _sizes_are_even,
    _bitrates_suit_the_codec,
    _each_is_smaller,
    _profiles_suit_the_codec,
    _levels_suffice,
)


def _path(index: int, key: str) -> KeyPath:
    return (*RENDITIONS, str(index), key)
