"""MediaLive to MediaPackage v2: the number of tracks, the default audio, caption channels."""

from collections.abc import Callable, Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.output_groups import output_groups, package_destinations
from protected_stream.lint.media.streams import streams_of
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

MOST_TRACKS = 10
"""Video, audio and captions together.

Source: AWS Elemental MediaPackage v2 User Guide, "Quotas in AWS Elemental MediaPackage", hard
quotas. https://docs.aws.amazon.com/mediapackage/latest/userguide/quotas.html
"""

HLS_CHOICES = ("HlsDefault", "HlsAutoSelect")
"""What an output says of its audio to players, each YES for one output at most."""


def track_findings(channel: Property) -> Iterator[Finding]:
    """Everything about the tracks of the channel that MediaPackage v2 or players do not accept."""
    for group in output_groups(channel):
        packages = package_destinations(channel, group)
        if any(not package.at("ChannelName").is_absent for package in packages):
            for check in TRACK_CHECKS:
                yield from check(channel, group)


def tracks_are_not_too_many(channel: Property, group: Property) -> Iterator[Finding]:
    """Captions inside the video do not count: they belong to its track."""
    count = sum(streams_of(channel, output) or 0 for output in group.at("Outputs").each())
    if count > MOST_TRACKS:
        yield group.at("Outputs").finding(
            Rule.TOO_MANY_TRACKS,
            f"MediaPackage v2 takes {MOST_TRACKS} tracks at most; this group has {count}.",
        )


def one_audio_is_the_default(_: Property, group: Property) -> Iterator[Finding]:
    """At most one audio is the default, and not every one is excluded."""
    settings = [
        output.at("OutputSettings", "MediaPackageOutputSettings").at(
            "MediaPackageV2DestinationSettings"
        )
        for output in group.at("Outputs").each()
        if not output.at("AudioDescriptionNames").is_empty
    ]
    for name in HLS_CHOICES:
        choices = [one.at(name) for one in settings]
        for choice in [one for one in choices if one.text == "YES"][1:]:
            yield choice.finding(Rule.DEFAULT_AUDIO, f"Another output also has {name} YES.")
        if choices and all(one.text == "NO" for one in choices):
            yield choices[0].finding(Rule.DEFAULT_AUDIO, f"Every output has {name} NO.")


def caption_channels_are_mapped_once(_: Property, group: Property) -> Iterator[Finding]:
    """A caption channel has one language, and the captions are in the group's video."""
    mappings = group.at(
        "OutputGroupSettings", "MediaPackageGroupSettings", "MediapackageV2GroupSettings"
    ).at("CaptionLanguageMappings")
    seen: set[float] = set()
    for mapping in mappings.each():
        number = mapping.at("CaptionChannel")
        if number.number in seen:
            yield number.finding(
                Rule.CAPTION_MAPPINGS, f"Channel {number.number} is mapped more than once."
            )
        if number.number is not None:
            seen.add(number.number)
    if not mappings.is_empty and not mappings.is_unknown and not _has_captions(group):
        yield mappings.finding(Rule.CAPTION_MAPPINGS, "No output of this group has captions.")


TRACK_CHECKS: tuple[Callable[[Property, Property], Iterator[Finding]], ...] = (
    tracks_are_not_too_many,
    one_audio_is_the_default,
    caption_channels_are_mapped_once,
)


def _has_captions(group: Property) -> bool:
    """Whether a video of the group has, or may have, captions inside."""
    return any(
        not output.at("CaptionDescriptionNames").is_empty
        for output in group.at("Outputs").each()
        if not output.at("VideoDescriptionName").is_absent
    )
