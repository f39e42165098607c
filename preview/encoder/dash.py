"""DASH manifest (ISO/IEC 23009-1), as MediaPackage writes it for an origin endpoint.

https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_CreateDashManifestConfiguration.html
"""

from collections.abc import Container, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from preview.encoder.excerpt import Excerpt
from preview.encoder.ffmpeg_mpd import NAMESPACE, templates
from preview.encoder.tracks import Segment, Timeline, tracks

AVAILABILITY_START = datetime(2024, 1, 1, tzinfo=UTC)
"""MediaPackage's default, which is the origin of media time.

https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_CreateDashManifestConfiguration.html
"""
DROPPED = ("ProgramInformation", "ServiceDescription")
"""Elements that ffmpeg writes but leaves empty."""
# 5.8.4.11 and the schemes at https://dashif.org/identifiers/utc_timing/
UTC_TIMING = {
    "UTC_DIRECT": "urn:mpeg:dash:utc:direct:2014",
    "HTTP_HEAD": "urn:mpeg:dash:utc:http-head:2014",
    "HTTP_ISO": "urn:mpeg:dash:utc:http-iso:2014",
    "HTTP_XSDATE": "urn:mpeg:dash:utc:http-xsdate:2014",
}
# The template's settings in seconds, and the MPD attributes for them (5.3.1.2)
SECONDS = {
    "ManifestWindowSeconds": "timeShiftBufferDepth",
    "MinUpdatePeriodSeconds": "minimumUpdatePeriod",
    "MinBufferTimeSeconds": "minBufferTime",
    "SuggestedPresentationDelaySeconds": "suggestedPresentationDelay",
}


def media_presentation_description(
    manifest: Mapping[str, Any],
    mpd: ElementTree.Element,
    timeline: Timeline,
    now: float,
    *,
    shown: Excerpt | None = None,
    ids: Container[str] | None = None,
) -> bytes:
    """The MPD from ffmpeg, with the template's settings.

    Args:
        manifest: the origin endpoint's DASH manifest configuration.
        mpd: ffmpeg's MPD; it is changed.
        timeline: the source's position in time; each source is a Period.
        now: this machine's time in epoch seconds.
        shown: which segments; by default, all.
        ids: the IDs of the tracks that are included; by default, all.
    """
    for name in DROPPED:
        for child in mpd.findall(f"{NAMESPACE}{name}"):
            mpd.remove(child)
    shown = shown or Excerpt()
    if ids is not None:
        _keep(mpd, ids)
    parts = _cut(mpd, shown)
    if shown.has_ended:
        _end(mpd, manifest, parts)
    else:
        _state(mpd, manifest)
        _shift(mpd, shown, parts, now - timeline.origin)
        _place(mpd, timeline)
    timing = _utc_timing(manifest.get("UtcTiming", {}), now)
    if timing is not None and not shown.has_ended:
        mpd.append(timing)
    return _text(mpd)


def _keep(mpd: ElementTree.Element, ids: Container[str]) -> None:
    """Removes the other tracks."""
    for period in mpd.findall(f"{NAMESPACE}Period"):
        for group in period.findall(f"{NAMESPACE}AdaptationSet"):
            for one in group.findall(f"{NAMESPACE}Representation"):
                if one.attrib["id"] not in ids:
                    group.remove(one)
            if group.find(f"{NAMESPACE}Representation") is None:
                period.remove(group)


def _cut(mpd: ElementTree.Element, shown: Excerpt) -> list[tuple[Segment, ...]]:
    """Lists only the given segments; returns them for each track."""
    parts = []
    for track, (_, template) in zip(tracks(mpd), templates(mpd), strict=True):
        segments = shown.of(track.segments)
        timescale = int(template.attrib["timescale"])
        parts.append(segments)
        template.set("startNumber", str(segments[0].number if segments else 1))
        for listed in template.iter(f"{NAMESPACE}SegmentTimeline"):
            listed[:] = _entries(segments, timescale)
    return parts


def _entries(segments: Sequence[Segment], timescale: int) -> list[ElementTree.Element]:
    """A SegmentTimeline's entries; adjacent segments with the same duration share one (5.3.9.6)."""
    entries: list[ElementTree.Element] = []
    time, length = -1, 0
    for segment in segments:
        is_next = round(segment.begins * timescale) == time + length
        time, before = round(segment.begins * timescale), length
        length = round(segment.seconds * timescale)
        if is_next and length == before:
            entries[-1].set("r", str(int(entries[-1].get("r", 0)) + 1))
        else:
            attributes = {"t": str(time), "d": str(length)}
            entries.append(ElementTree.Element(f"{NAMESPACE}S", attributes))
    return entries


def _end(
    mpd: ElementTree.Element, manifest: Mapping[str, Any], parts: Sequence[Sequence[Segment]]
) -> None:
    """Makes the MPD static, from 0 to the end of the segments (5.3.1.2)."""
    begins = min(one[0].begins for one in parts if one)
    seconds = max(one[-1].begins + one[-1].seconds for one in parts if one) - begins
    for name in ("availabilityStartTime", "publishTime", *SECONDS.values()):
        mpd.attrib.pop(name, None)
    mpd.set("type", "static")
    mpd.set("mediaPresentationDuration", f"PT{seconds:.3f}S")
    mpd.set("minBufferTime", f"PT{float(manifest.get('MinBufferTimeSeconds', 1)):g}S")
    for period in mpd.findall(f"{NAMESPACE}Period"):
        period.set("start", "PT0S")
        _offset(period, begins)


def _state(mpd: ElementTree.Element, manifest: Mapping[str, Any]) -> None:
    """Keeps the MPD dynamic: when ffmpeg stops, it marks the presentation as ended."""
    mpd.attrib.pop("mediaPresentationDuration", None)
    mpd.set("type", "dynamic")
    mpd.set("availabilityStartTime", _date(AVAILABILITY_START))
    for stated, attribute in SECONDS.items():
        if stated in manifest:
            mpd.set(attribute, f"PT{float(manifest[stated]):g}S")


def _shift(
    mpd: ElementTree.Element, shown: Excerpt, parts: Sequence[Sequence[Segment]], now: float
) -> None:
    """Lets a player reach the first segment, and keeps it from the delayed newest ones.

    Args:
        mpd: it is changed.
        shown: the time shift.
        parts: the listed segments.
        now: media time.
    """
    if shown.has_start or shown.delay:
        begins = min(one[0].begins for one in parts if one)
        mpd.set("timeShiftBufferDepth", f"PT{now - begins:.3f}S")
    if shown.delay:
        stated = mpd.get("suggestedPresentationDelay", "PT0S").removeprefix("PT").removesuffix("S")
        mpd.set("suggestedPresentationDelay", f"PT{float(stated) + shown.delay:g}S")


def _place(mpd: ElementTree.Element, timeline: Timeline) -> None:
    """Gives each source its own Period, since it has its own files (5.3.2)."""
    for period in mpd.findall(f"{NAMESPACE}Period"):
        period.set("id", timeline.name)
        period.set("start", f"PT{timeline.begins:.3f}S")
        _offset(period, timeline.begins)


def _offset(period: ElementTree.Element, begins: float) -> None:
    """Maps this media time to the start of the Period."""
    for template in period.iter(f"{NAMESPACE}SegmentTemplate"):
        offset = round(begins * int(template.attrib["timescale"]))
        template.set("presentationTimeOffset", str(offset))


def _utc_timing(stated: Mapping[str, str], now: float) -> ElementTree.Element | None:
    """The UTCTiming element, from which a player gets the time."""
    mode = stated.get("TimingMode")
    if mode not in UTC_TIMING:
        return None
    value = _date(datetime.fromtimestamp(now, UTC))
    if mode != "UTC_DIRECT":
        value = stated.get("TimingSource", "")
    attributes = {"schemeIdUri": UTC_TIMING[mode], "value": value}
    return ElementTree.Element(f"{NAMESPACE}UTCTiming", attributes)


def _text(mpd: ElementTree.Element) -> bytes:
    """The XML with the MPD namespace as the default namespace, which every player understands."""
    for name in [name for name in mpd.attrib if name.startswith("{")]:
        del mpd.attrib[name]  # the schema location
    for element in mpd.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
    mpd.set("xmlns", NAMESPACE.strip("{}"))
    text: bytes = ElementTree.tostring(mpd, encoding="utf-8", xml_declaration=True)
    return text


def _date(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
