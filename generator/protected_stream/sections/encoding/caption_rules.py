"""Rules that the tables of captions break together, or together with the input type."""

from collections.abc import Iterator

from protected_stream.sections.encoding.options import CaptionOptions, EncodingOptions
from protected_stream.sections.ingest.carries import Carries
from protected_stream.template.options import Mistake
from protected_stream.template.toml_lines import KeyPath

CAPTIONS = ("encoding", "captions")


def caption_mistakes(
    options: EncodingOptions, ingest_type: str, carries: Carries
) -> Iterator[Mistake]:
    """Everything in the tables `[[encoding.captions]]` that cannot be.

    Args:
        options: the table that they are in.
        ingest_type: the stream file's name of the input type, for the sentences.
        carries: what a source of that type can carry.
    """
    yield from _captions_differ(options)
    for index, one in enumerate(options.captions):
        yield from _keys_suit_the_source(index, one)
        if one.source not in carries.captions:
            yield (
                _path(index, "source"),
                f'"{one.source}" cannot arrive with ingest.type = "{ingest_type}", which carries '
                f"captions that are {' or '.join(carries.captions)}",
            )


def _captions_differ(options: EncodingOptions) -> Iterator[Mistake]:
    """Captions in the video have a channel each, and all of them a name.

    Source: AWS Elemental MediaLive API, CaptionLanguageMapping (a channel has one mapping); RFC
    8216, section 4.3.4.1.1 (all names in a group are different).
    """
    channels: dict[tuple[object, ...], int] = {}
    labels: dict[tuple[str, str], int] = {}
    for index, one in enumerate(options.captions):
        place = (one.form, one.source, one.page or one.channel_number)
        same = channels.setdefault(place, index)
        label = labels.setdefault((one.form, one.label.casefold()), index)
        if same != index:
            yield (
                (*CAPTIONS, str(index)),
                f"are the same captions of the source as encoding.captions.{same}: select others "
                "with channel or page",
            )
        if label != index:
            yield (
                _path(index, "name"),
                f"must differ from that of encoding.captions.{label}, or players cannot tell them "
                "apart (RFC 8216, section 4.3.4.1.1)",
            )


def _keys_suit_the_source(index: int, captions: CaptionOptions) -> Iterator[Mistake]:
    """Source: AWS Elemental MediaLive API, EmbeddedSourceSettings and TeletextSourceSettings.

    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    if captions.source == "teletext":
        if captions.form == "embedded":
            yield (
                _path(index, "form"),
                '"embedded" is not possible with source = "teletext": MediaLive makes a track of '
                'teletext (form = "track")',
            )
        if captions.page is None:
            yield (*CAPTIONS, str(index)), 'needs page, as source is "teletext"'
        if captions.channel is not None:
            yield _path(index, "channel"), 'is not for source = "teletext", which has a page'
    elif captions.page is not None:
        yield _path(index, "page"), 'is not for source = "embedded", which has channels'


def _path(index: int, key: str) -> KeyPath:
    return (*CAPTIONS, str(index), key)
