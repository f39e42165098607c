"""DASH manifest (ISO/IEC 23009-1), as MediaPackage writes it for an origin endpoint.

https://docs.aws.amazon.com/mediapackage/latest/APIReference/API_CreateDashManifestConfiguration.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from preview.encoder.ffmpeg_mpd import NAMESPACE
from preview.encoder.tracks import Timeline

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
    manifest: Mapping[str, Any], mpd: ElementTree.Element, timeline: Timeline, now: float
) -> bytes:
    """The MPD from ffmpeg, with the template's settings.

    Args:
        manifest: the origin endpoint's DASH manifest configuration.
        mpd: ffmpeg's MPD; it is changed.
        timeline: the source's position in time; each source is a Period.
        now: this machine's time in epoch seconds.
    """
    for name in DROPPED:
        for child in mpd.findall(f"{NAMESPACE}{name}"):
            mpd.remove(child)
    _state(mpd, manifest)
    _place(mpd, timeline)
    timing = _utc_timing(manifest.get("UtcTiming", {}), now)
    if timing is not None:
        mpd.append(timing)
    return _text(mpd)


def _state(mpd: ElementTree.Element, manifest: Mapping[str, Any]) -> None:
    """Keeps the MPD dynamic: when ffmpeg stops, it marks the presentation as ended."""
    mpd.attrib.pop("mediaPresentationDuration", None)
    mpd.set("type", "dynamic")
    mpd.set("availabilityStartTime", _date(AVAILABILITY_START))
    for stated, attribute in SECONDS.items():
        if stated in manifest:
            mpd.set(attribute, f"PT{float(manifest[stated]):g}S")


def _place(mpd: ElementTree.Element, timeline: Timeline) -> None:
    """Gives each source its own Period, since it has its own files (5.3.2)."""
    for period in mpd.findall(f"{NAMESPACE}Period"):
        period.set("id", timeline.name)
        period.set("start", f"PT{timeline.begins:.3f}S")
        for template in period.iter(f"{NAMESPACE}SegmentTemplate"):
            offset = round(timeline.begins * int(template.attrib["timescale"]))
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
