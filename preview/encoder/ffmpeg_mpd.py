"""DASH MPD that ffmpeg writes into its folder.

ISO/IEC 23009-1 (MPEG-DASH), 5.3.9.6: a SegmentTimeline.
"""

import os
from collections.abc import Iterator, Set
from pathlib import Path
from xml.etree import ElementTree

from preview.encoder.codec_strings import codec_string
from preview.encoder.ffmpeg import MANIFEST

NAMESPACE = "{urn:mpeg:dash:schema:mpd:2011}"


def document(folder: Path) -> ElementTree.Element | None:
    """The MPD from ffmpeg; None before every track has a segment, or without a folder."""
    try:
        root = ElementTree.fromstring((folder / MANIFEST).read_bytes())  # noqa: S314 - our own
        _tell_all(root, set(os.listdir(folder)))  # noqa: PTH208 - only names are needed
        _complete_codecs(root, folder)
    except OSError:
        return None
    listed = [_listed(template) for _, template in templates(root)]
    return root if all(listed) else None


def _tell_all(root: ElementTree.Element, files: Set[str]) -> None:
    """Lists the segments of the longest video track for every video track whose files exist.

    ffmpeg's muxer writes its MPD when all streams but the last have a new segment, so one rendition
    would always be a segment behind. All video tracks are segmented at the same frames.
    """
    videos = [(one, template) for one, template in templates(root) if "width" in one.attrib]
    most = max((template for _, template in videos), key=_end)
    for video, template in videos:
        newest = name(template.attrib["media"], video.attrib["id"], _end(most) - 1)
        if newest in files and template.get("timescale") == most.get("timescale"):
            template.set("startNumber", most.attrib["startNumber"])
            template[:] = most[:]


def _complete_codecs(root: ElementTree.Element, folder: Path) -> None:
    """Completes HEVC's codec strings, of which ffmpeg's muxer writes only the first part."""
    for one, template in templates(root):
        initialization = folder / name(template.attrib["initialization"], one.attrib["id"])
        if initialization.is_file():
            one.set("codecs", codec_string(one.attrib["codecs"], initialization.read_bytes()))


def _end(template: ElementTree.Element) -> int:
    """The number of the next segment."""
    return int(template.attrib["startNumber"]) + _listed(template)


def _listed(template: ElementTree.Element) -> int:
    """The number of listed segments: an entry with `r` is repeated `r` times."""
    return sum(int(entry.get("r", 0)) + 1 for entry in template.iter(f"{NAMESPACE}S"))


def name(template: str, track: str, number: int = 0) -> str:
    """The file name for a template."""
    return template.replace("$RepresentationID$", track).replace("$Number$", str(number))


def templates(
    root: ElementTree.Element,
) -> Iterator[tuple[ElementTree.Element, ElementTree.Element]]:
    """Each Representation, and the SegmentTemplate in it."""
    for representation in root.iter(f"{NAMESPACE}Representation"):
        for template in representation.iter(f"{NAMESPACE}SegmentTemplate"):
            yield representation, template
