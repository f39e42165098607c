"""Values of a MediaPackage v2 endpoint that exclude one another."""

from typing import Any

import pytest

from tests.unit.lint.changes import Change, put, together
from tests.unit.lint.conftest import FindingsAfter

DASH = "DashManifests[0]"
HLS = "HlsManifests[0]"
FILTER = f"{HLS}.FilterConfiguration"
METHOD = "Segment.Encryption.EncryptionMethod"


def endpoint(path: str, value: Any) -> Change:
    return put("Endpoint", path, value)


def paths_after(findings_after: FindingsAfter, change: Change) -> set[str]:
    return {path for resource, path in findings_after(change) if resource == "Endpoint"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (endpoint("HlsManifests[1]", {"ManifestName": "index"}), {"HlsManifests[1].ManifestName"}),
        (endpoint("HlsManifests[1]", {"ManifestName": "other"}), set()),
        (
            endpoint("DashManifests[1]", {"ManifestName": "index"}),
            {"DashManifests[1].ManifestName"},
        ),
        (endpoint(f"{HLS}.ChildManifestName", "index"), {f"{HLS}.ChildManifestName"}),
        (endpoint(f"{HLS}.ChildManifestName", "child"), set()),
        (endpoint(f"{HLS}.ChildManifestName", {"Ref": "Name"}), set()),
        (
            together(
                endpoint(f"{HLS}.ChildManifestName", "child"),
                endpoint("HlsManifests[1]", {"ManifestName": "child"}),
            ),
            {"HlsManifests[1].ManifestName"},
        ),
    ],
)
def test_no_two_manifests_have_one_address(
    findings_after: FindingsAfter, change: Change, expected: set[str]
) -> None:
    assert paths_after(findings_after, change) == expected


@pytest.mark.parametrize(
    ("delay", "fits"), [(300, True), (301, False), ("301", False), ({"Ref": "Delay"}, True)]
)
def test_players_stay_within_the_window(
    findings_after: FindingsAfter, delay: Any, fits: bool
) -> None:
    path = f"{DASH}.SuggestedPresentationDelaySeconds"
    assert paths_after(findings_after, endpoint(path, delay)) == (set() if fits else {path})


@pytest.mark.parametrize(
    ("timing", "fits"),
    [
        ({"TimingMode": "HTTP_HEAD"}, False),
        ({"TimingMode": "HTTP_ISO", "TimingSource": ""}, False),
        ({"TimingMode": "HTTP_XSDATE", "TimingSource": "https://time.example"}, True),
        ({"TimingMode": "HTTP_HEAD", "TimingSource": {"Ref": "Source"}}, True),
        ({"TimingMode": "UTC_DIRECT"}, True),
        ({"TimingMode": "UTC_DIRECT", "TimingSource": "https://time.example"}, False),
        ({"TimingMode": {"Ref": "Mode"}}, True),
    ],
)
def test_timing_by_http_has_a_source(
    findings_after: FindingsAfter, timing: Any, fits: bool
) -> None:
    found = paths_after(findings_after, endpoint(f"{DASH}.UtcTiming", timing))
    assert (f"{DASH}.UtcTiming.TimingSource" in found) == (not fits)


@pytest.mark.parametrize(
    ("container", "method", "fits"),
    [
        ("CMAF", {"CmafEncryptionMethod": "CBCS"}, True),
        ("CMAF", {"TsEncryptionMethod": "AES_128"}, False),
        ("TS", {"TsEncryptionMethod": "AES_128"}, True),
        ("TS", {"CmafEncryptionMethod": "CENC"}, False),
        ("ISM", {"IsmEncryptionMethod": "CENC"}, True),
        ({"Ref": "Container"}, {"TsEncryptionMethod": "AES_128"}, True),
    ],
)
def test_encryption_matches_the_container(
    findings_after: FindingsAfter, container: Any, method: Any, fits: bool
) -> None:
    change = together(
        endpoint("ContainerType", container),
        endpoint("Segment.Encryption", {"EncryptionMethod": method}),
    )
    (name,) = method
    assert (f"{METHOD}.{name}" in paths_after(findings_after, change)) == (not fits)


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ({"Start": "2026-02-01T00:00:00Z", "End": "2026-01-01T00:00:00Z"}, False),
        ({"Start": "2026-01-01T00:00:00Z", "End": "2026-01-01T00:00:00Z"}, False),
        ({"Start": "2026-01-01T00:00:00", "End": "2026-01-01T00:00:01Z"}, True),
        ({"Start": "2026-01-01T00:00:00+01:00", "End": "2025-12-31T23:30:00Z"}, True),
        ({"Start": "2026-02-01T00:00:00Z"}, True),
        ({"Start": {"Ref": "Start"}, "End": "2026-01-01T00:00:00Z"}, True),
    ],
)
def test_a_filter_ends_after_its_start(
    findings_after: FindingsAfter, limits: Any, fits: bool
) -> None:
    found = paths_after(findings_after, endpoint(FILTER, limits))
    assert found == (set() if fits else {f"{FILTER}.End"})


@pytest.mark.parametrize(
    ("window", "delay", "fits"),
    [
        (0, 600, False),
        (600, 600, False),
        (601, 600, True),
        (0, 0, True),
        ({"Ref": "Window"}, 600, True),
        (0, {"Ref": "Delay"}, True),
    ],
)
def test_a_time_delay_is_smaller_than_the_startover_window(
    findings_after: FindingsAfter, window: Any, delay: Any, fits: bool
) -> None:
    change = together(
        endpoint("StartoverWindowSeconds", window), endpoint(FILTER, {"TimeDelaySeconds": delay})
    )
    found = paths_after(findings_after, change)
    assert found == (set() if fits else {f"{FILTER}.TimeDelaySeconds"})
