"""DASH manifests: the newest segment of each representation.

Source: ISO/IEC 23009-1, sections 5.3.9.4 (SegmentTemplate) and 5.3.9.6 (SegmentTimeline).
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin
from xml.etree import ElementTree

from protected_stream.verify.answers import Broken, NotTried

MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def newest_segments(text: str, address: str) -> Iterator[tuple[str, str]]:
    """Media and initialization segment of each representation of the last period.

    Raises:
        Broken: it is not a manifest, or has no segments.
        NotTried: it numbers its segments without a timeline.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Broken(f"{address} declares entities")
    try:
        manifest = ElementTree.fromstring(text)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise Broken(f"{address} is not XML: {error}") from None
    periods = manifest.findall(f"{MPD}Period")
    if not periods:
        raise Broken(f"{address} has no period")
    base = _base(periods[-1], _base(manifest, address))
    for group in periods[-1].findall(f"{MPD}AdaptationSet"):
        for one in group.findall(f"{MPD}Representation"):
            place = _base(one, _base(group, base))
            yield _newest(_template(group, one, address), one.attrib, place)


def _base(element: ElementTree.Element, address: str) -> str:
    return urljoin(address, element.findtext(f"{MPD}BaseURL", "").strip())


def _template(
    group: ElementTree.Element, one: ElementTree.Element, address: str
) -> ElementTree.Element:
    for owner in (one, group):
        found = owner.find(f"{MPD}SegmentTemplate")
        if found is not None:
            return found
    raise NotTried(f"{address} lists its segments without a template")


def _newest(template: ElementTree.Element, about: Mapping[str, str], place: str) -> tuple[str, str]:
    timeline = template.find(f"{MPD}SegmentTimeline")
    if timeline is None:
        raise NotTried(f"{place} numbers its segments without a timeline")
    count, start, end = 0, 0, 0
    for run in timeline.findall(f"{MPD}S"):
        end = int(run.get("t", end))
        repeated, length = int(run.get("r", "0")), int(run.get("d", "0"))
        count += repeated + 1
        start = end + repeated * length
        end = start + length
    if not count:
        raise Broken(f"{place} has a representation without segments")
    values = {
        "RepresentationID": about.get("id", ""),
        "Bandwidth": about.get("bandwidth", ""),
        "Number": int(template.get("startNumber", "1")) + count - 1,
        "Time": start,
    }
    media, initialization = (template.get(name, "") for name in ("media", "initialization"))
    first = urljoin(place, _filled(initialization, values)) if initialization else ""
    return urljoin(place, _filled(media, values)), first


def _filled(pattern: str, values: Mapping[str, object]) -> str:
    def value(found: re.Match[str]) -> str:
        width = int(found[2] or 0)
        return str(values[found[1]]).zfill(width)

    return re.sub(r"\$(\w+)(?:%0(\d+)d)?\$", value, pattern).replace("$$", "$")
