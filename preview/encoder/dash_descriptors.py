"""Names of audios, and languages of captions, in DASH manifests.

ISO/IEC 23009-1, 5.3.3.2 (AdaptationSet) and 5.8.5.5 (roles); ANSI/SCTE 214-1, 7.2 (captions).
"""

from collections.abc import Iterator
from xml.etree import ElementTree

from preview.encoder.ffmpeg_mpd import NAMESPACE
from preview.encoder.ladder import Ladder, Sound

ROLE = "urn:mpeg:dash:role:2011"
CEA_608 = "urn:scte:dash:cc:cea-608:2015"


def describe(mpd: ElementTree.Element, ladder: Ladder) -> None:
    """Adds to each AdaptationSet what players show of it.

    Args:
        mpd: ffmpeg's MPD; it is changed.
        ladder: the stream's renditions.
    """
    for adaptation_set in mpd.iter(f"{NAMESPACE}AdaptationSet"):
        members = adaptation_set.findall(f"{NAMESPACE}Representation")
        ids = [one.attrib["id"] for one in members]
        if members and "width" in members[0].attrib:
            added = list(_video(ids, ladder))
        else:
            added = [one for track in ids for one in _audio(ladder.sound(track), ladder)]
        adaptation_set[:0] = added


def _video(ids: list[str], ladder: Ladder) -> Iterator[ElementTree.Element]:
    if ladder.captions and any(ladder.rendition(track).has_captions for track in ids):
        value = ";".join(f"CC{one.channel}={one.language}" for one in ladder.captions)
        yield _descriptor("Accessibility", CEA_608, value)


def _audio(sound: Sound, ladder: Ladder) -> Iterator[ElementTree.Element]:
    """One audio needs no role, as there is nothing to choose from."""
    if sound.name:
        label = ElementTree.Element(f"{NAMESPACE}Label")
        label.text = sound.name
        yield label
    if len(ladder.sounds) > 1:
        yield _descriptor("Role", ROLE, "main" if sound.is_default else "alternate")


def _descriptor(name: str, scheme: str, value: str) -> ElementTree.Element:
    attributes = {"schemeIdUri": scheme, "value": value}
    return ElementTree.Element(f"{NAMESPACE}{name}", attributes)
