"""MediaLive caption descriptions: captions embedded in the video, and their languages."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from preview.encoder.codecs import VIDEO_CODECS
from preview.encoder.ladder import Captions, Ladder
from preview.encoder.source import Footage
from preview.resource import Resource

EMBEDDED = "EmbeddedDestinationSettings"


def template_captions(channel: Resource) -> tuple[Captions, ...]:
    """The languages of the embedded captions that manifests name; none without embedded captions.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-medialive-channel-captionlanguagemapping.html
    """
    if not embedded(channel):
        return ()
    return tuple(
        Captions(
            channel=int(one["CaptionChannel"]),
            language=str(one["LanguageCode"]),
            name=str(one["LanguageDescription"]),
        )
        for group in channel.properties["EncoderSettings"]["OutputGroups"]
        for one in _group_settings(group).get("CaptionLanguageMappings", [])
    )


def embedded(channel: Resource) -> Set[str]:
    """The names of the caption descriptions that are embedded in the video."""
    return {one["Name"] for one in _described(channel) if EMBEDDED in _destination(one)}


def caption_notes(channel: Resource, ladder: Ladder, footage: Footage | None) -> Iterator[str]:
    """What the operator should know about captions, one line each."""
    for one in _described(channel):
        if EMBEDDED not in _destination(one):
            kind = ", ".join(_destination(one)) or "no destination"
            yield (
                f"captions {one['Name']} ({kind}) are left out: the preview passes on only captions"
                " that are embedded in the video"
            )
    if any(one.has_captions for one in ladder.renditions):
        for note in _source_notes(ladder, footage):
            yield f"captions {note}"


def _source_notes(ladder: Ladder, footage: Footage | None) -> Iterator[str]:
    if footage is None:
        yield "the test pattern has none: pass a video with embedded captions with --source"
    elif not footage.has_captions:
        yield "the source's first pictures have no embedded captions"
    elif footage.frames_per_second not in (None, ladder.frames_per_second):
        yield (
            f"the source has {float(footage.frames_per_second or 0):g} frames per second and the"
            f" stream {float(ladder.frames_per_second):g}: letters may be lost here, as frames are"
            " dropped or repeated with their part of the text"
        )
    codecs = {one.codec for one in ladder.renditions if one.has_captions}
    if any(not VIDEO_CODECS[codec].keeps_captions for codec in codecs):
        yield "only H.264 renditions have them: ffmpeg does not embed them in others"


def _described(channel: Resource) -> list[Mapping[str, Any]]:
    return list(channel.properties["EncoderSettings"].get("CaptionDescriptions", []))


def _destination(description: Mapping[str, Any]) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = description.get("DestinationSettings", {})
    return settings


def _group_settings(group: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = group["OutputGroupSettings"].get("MediaPackageGroupSettings", {})
    stated: Mapping[str, Any] = settings.get("MediapackageV2GroupSettings", {})
    return stated
