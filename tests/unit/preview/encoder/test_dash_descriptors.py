"""Names of audios, and languages of captions, in DASH manifests."""

from dataclasses import replace
from xml.etree import ElementTree

from preview.encoder.dash_descriptors import describe
from preview.encoder.ladder import Captions, Ladder
from tests.preview.encoder.resources import AUDIO, mpd, parsed, two_rungs

DASH = "{urn:mpeg:dash:schema:mpd:2011}"
CAPTIONS = (
    Captions(channel=1, language="eng", name="English"),
    Captions(channel=3, language="deu", name="Deutsch"),
)


def described(ladder: Ladder, audios: int = 1) -> list[ElementTree.Element]:
    """The AdaptationSets."""
    root = parsed(mpd(audios=["mp4a.40.2"] * audios))
    describe(root, ladder)
    return list(root.iter(f"{DASH}AdaptationSet"))


def children(element: ElementTree.Element) -> list[tuple[str, str | None]]:
    """The children's names, with their values or texts."""
    return [
        (child.tag.removeprefix(DASH), child.get("value") or child.text)
        for child in element
        if child.tag != f"{DASH}Representation"
    ]


def test_one_audio_without_a_name_is_not_described() -> None:
    assert [children(one) for one in described(two_rungs())] == [[], []]


def test_audios_have_names_and_the_default_is_the_main_one() -> None:
    named = replace(AUDIO, name="English")
    ladder = two_rungs(sounds=(replace(AUDIO, is_default=False), named))
    _, first, second = described(ladder, audios=2)
    assert children(first) == [("Role", "alternate")]
    assert children(second) == [("Label", "English"), ("Role", "main")]
    assert second[1].get("schemeIdUri") == "urn:mpeg:dash:role:2011"


def test_the_video_tells_the_languages_of_its_captions() -> None:
    large, small = two_rungs().renditions
    with_captions = replace(small, has_captions=True)
    video, _ = described(two_rungs(renditions=(large, with_captions), captions=CAPTIONS))
    assert children(video) == [("Accessibility", "CC1=eng;CC3=deu")]
    assert video[0].get("schemeIdUri") == "urn:scte:dash:cc:cea-608:2015"


def test_a_video_without_captions_tells_none() -> None:
    video, _ = described(two_rungs(captions=CAPTIONS))
    assert children(video) == []
