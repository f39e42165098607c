"""DASH manifest: ISO/IEC 23009-1."""

from typing import Any
from xml.etree import ElementTree

import pytest

from preview.encoder.dash import media_presentation_description
from tests.preview.encoder.resources import ORIGIN, mpd, parsed, timeline

MANIFEST: dict[str, Any] = {
    "ManifestName": "index",
    "ManifestWindowSeconds": 300,
    "MinUpdatePeriodSeconds": 4,
    "MinBufferTimeSeconds": 8,
    "SuggestedPresentationDelaySeconds": 12,
    "UtcTiming": {"TimingMode": "UTC_DIRECT"},
}
DASH = "{urn:mpeg:dash:schema:mpd:2011}"


def described(**changes: Any) -> ElementTree.Element:
    text = media_presentation_description(
        {**MANIFEST, **changes},
        parsed(mpd()),
        timeline(begins=1000.5),
        now=ORIGIN + 1.25,
    )
    assert text.count(b"xmlns") == text.count(b' xmlns="urn:mpeg:dash:schema:mpd:2011"') == 1
    return parsed(text)


def test_it_is_live_with_the_templates_settings() -> None:
    assert described().attrib == {
        "type": "dynamic",
        "availabilityStartTime": "2024-01-01T00:00:00.000Z",
        "timeShiftBufferDepth": "PT300S",
        "minimumUpdatePeriod": "PT4S",
        "minBufferTime": "PT8S",
        "suggestedPresentationDelay": "PT12S",
    }


def test_without_a_setting_in_the_template_ffmpegs_value_is_kept() -> None:
    stated = dict(MANIFEST)
    del stated["MinBufferTimeSeconds"], stated["SuggestedPresentationDelaySeconds"]
    text = media_presentation_description(stated, parsed(mpd()), timeline(), now=ORIGIN)
    root = parsed(text)
    assert root.get("minBufferTime") == "PT1S"
    assert root.get("suggestedPresentationDelay") is None


@pytest.mark.parametrize(
    ("timing", "scheme", "value"),
    [
        ({"TimingMode": "UTC_DIRECT"}, "direct", "2024-01-01T00:00:01.250Z"),
        ({"TimingMode": "HTTP_HEAD", "TimingSource": "https://time"}, "http-head", "https://time"),
        ({"TimingMode": "HTTP_ISO", "TimingSource": "https://time"}, "http-iso", "https://time"),
    ],
)
def test_utc_timing_is_the_templates(timing: dict[str, str], scheme: str, value: str) -> None:
    root = described(UtcTiming=timing)
    assert root[-1].tag == f"{DASH}UTCTiming"
    assert root[-1].attrib == {"schemeIdUri": f"urn:mpeg:dash:utc:{scheme}:2014", "value": value}


def test_without_utc_timing_in_the_template_there_is_none() -> None:
    assert described(UtcTiming={}).find(f"{DASH}UTCTiming") is None


def test_a_source_is_a_period_at_its_start_time() -> None:
    (period,) = described().findall(f"{DASH}Period")
    assert (period.get("id"), period.get("start")) == ("segment_1", "PT1000.500S")
    offsets = [
        int(template.attrib["presentationTimeOffset"]) / int(template.attrib["timescale"])
        for template in period.iter(f"{DASH}SegmentTemplate")
    ]
    assert offsets == [1000.5, 1000.5, 1000.5]


def test_segments_are_kept_and_empty_elements_are_removed() -> None:
    root = described()
    assert [child.tag.removeprefix(DASH) for child in root] == ["Period", "UTCTiming"]
    assert len(list(root.iter(f"{DASH}S"))) == 5
