"""Frame rates, GOPs and segments: checks that players can switch renditions at any segment."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.output_groups import codec, kind_of_group, output_groups, videos
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

SECONDS_PER_UNIT = {"SECONDS": Fraction(1), "MILLISECONDS": Fraction(1, 1000)}


def timing_findings(channel: Property) -> Iterator[Finding]:
    """Timing in MediaPackage groups that stalls players or lengthens segments."""
    for group in output_groups(channel):
        if kind_of_group(group) == "MediaPackageGroupSettings":
            streams = [settings for video in videos(channel, group) for settings in codec(video)]
            for check in TIMING_CHECKS:
                yield from check(group, streams)


def renditions_are_in_step(_: Property, streams: list[Property]) -> Iterator[Finding]:
    """All renditions have the same frame rate and GOP length."""
    for rule, measure, member in (
        (Rule.FRAME_RATES_DIFFER, frame_rate, "FramerateNumerator"),
        (Rule.GOPS_DIFFER, gop_seconds, "GopSize"),
    ):
        written = [(measure(stream), stream) for stream in streams if not _is_open(stream)]
        first = next(((value, stream) for value, stream in written if value is not None), None)
        for value, stream in written if first else ():
            if first and value != first[0]:
                yield stream.at(member).finding(
                    rule, f"Differs from {first[1].path}: players can't switch between the two."
                )


def gops_are_closed(_: Property, streams: list[Property]) -> Iterator[Finding]:
    """Every GOP is closed, so that a segment can begin with any of them."""
    for cadence in (stream.at("GopClosedCadence") for stream in streams):
        if cadence.number not in (None, 1):
            yield cadence.finding(
                Rule.GOP_NOT_CLOSED, "Must be 1: a segment can begin only with a closed GOP."
            )


def segments_are_whole_gops(group: Property, streams: list[Property]) -> Iterator[Finding]:
    """A segment has a whole number of GOPs; otherwise it is extended to the next keyframe."""
    length = segment_seconds(group)
    for stream in streams:
        gop = gop_seconds(stream)
        if length and gop and length % gop:
            yield stream.at("GopSize").finding(
                Rule.SEGMENT_NOT_OF_WHOLE_GOPS,
                f"Segments of {float(length):g} s are not a multiple of GOPs of {float(gop):g} s.",
            )


TIMING_CHECKS: tuple[Callable[[Property, list[Property]], Iterator[Finding]], ...] = (
    renditions_are_in_step,
    gops_are_closed,
    segments_are_whole_gops,
)


def frame_rate(settings: Property) -> Fraction | None:
    """Frames per second, if literal."""
    numerator = settings.at("FramerateNumerator").number
    denominator = settings.at("FramerateDenominator").number
    if not numerator or not denominator:
        return None
    return Fraction(str(numerator)) / Fraction(str(denominator))


def gop_seconds(settings: Property) -> Fraction | None:
    """Length of a GOP in seconds, if literal.

    Source: AWS Elemental MediaLive API, H264Settings.GopSize and GopSizeUnits.
    """
    size, units = settings.at("GopSize").number, settings.at("GopSizeUnits").text
    rate = frame_rate(settings)
    if size and units == "SECONDS":
        return Fraction(str(size))
    if size and units == "FRAMES" and rate:
        return Fraction(str(size)) / rate
    return None


def segment_seconds(group: Property) -> Fraction | None:
    """Length of the segments that the group sends to MediaPackage v2, in seconds, if literal."""
    settings = group.at(
        "OutputGroupSettings", "MediaPackageGroupSettings", "MediapackageV2GroupSettings"
    )
    unit = SECONDS_PER_UNIT.get(settings.at("SegmentLengthUnits").text or "")
    length = settings.at("SegmentLength").number
    return Fraction(str(length)) * unit if length and unit else None


def _is_open(settings: Property) -> bool:
    """Whether the frame rate or the GOP is known only at deployment."""
    names = ("FramerateNumerator", "FramerateDenominator", "GopSize", "GopSizeUnits")
    return any(settings.at(name).is_unknown for name in names)
