"""Output groups, outputs and destinations that match."""

from typing import Any

import pytest

from tests.unit.lint.changes import ENCODER, GROUP, PACKAGE_GROUP, Change, drop, put, together
from tests.unit.lint.conftest import FindingsAfter

DESTINATION = "Destinations[0]"
PACKAGE = f"{DESTINATION}.MediaPackageSettings[0]"
REFERENCE = f"{PACKAGE_GROUP}.Destination.DestinationRefId"
URL = [{"Url": "s3://bucket/path"}]


def channel(path: str, value: Any) -> Change:
    return put("Channel", path, value)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"MediaPackageSettings": [{"ChannelId": "1"}]}, False),
        ({"Settings": URL}, False),
        ({"SrtSettings": [{"Url": "srt://host:1"}]}, False),
        ({"MultiplexSettings": {"MultiplexId": "1"}}, False),
        ({"Settings": URL, "MediaPackageSettings": []}, False),
        ({"Settings": [], "MediaPackageSettings": []}, True),
        ({}, True),
        ({"Settings": URL, "MediaPackageSettings": [{"ChannelId": "1"}]}, True),
    ],
)
def test_a_destination_has_one_kind(
    findings_after: FindingsAfter, kinds: dict[str, Any], expected: bool
) -> None:
    found = findings_after(channel(DESTINATION, {"Id": "packager", **kinds}))
    assert (("Channel", DESTINATION) in found) == expected


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ({"ChannelId": "1"}, False),
        ({"ChannelGroup": "g", "ChannelName": "c", "MediaPackageRegionName": "eu-west-1"}, False),
        ({"ChannelGroup": "g"}, True),
        ({"ChannelName": "c"}, True),
        ({"ChannelId": "1", "ChannelGroup": "g", "ChannelName": "c"}, True),
        ({}, True),
        ({"Ref": "Somewhere"}, False),
    ],
)
def test_a_package_destination_names_a_channel_of_one_version(
    findings_after: FindingsAfter, package: dict[str, Any], expected: bool
) -> None:
    assert (("Channel", PACKAGE) in findings_after(channel(PACKAGE, package))) == expected


@pytest.mark.parametrize(
    ("group", "destination", "fits"),
    [
        ("MediaPackageGroupSettings", {"MediaPackageSettings": [{"ChannelId": "1"}]}, True),
        ("MediaPackageGroupSettings", {"Settings": URL}, False),
        ("HlsGroupSettings", {"Settings": URL}, True),
        ("HlsGroupSettings", {"MediaPackageSettings": [{"ChannelId": "1"}]}, False),
        ("CmafIngestGroupSettings", {"Settings": URL}, True),
        ("CmafIngestGroupSettings", {"MediaPackageSettings": [{"ChannelId": "1"}]}, False),
        ("ArchiveGroupSettings", {"SrtSettings": [{"Url": "srt://host:1"}]}, False),
    ],
)
def test_a_group_writes_to_its_kind_of_destination(
    findings_after: FindingsAfter, group: str, destination: dict[str, Any], fits: bool
) -> None:
    settings = f"{GROUP}.OutputGroupSettings"
    reference = f"{settings}.{group}.Destination.DestinationRefId"
    change = together(
        channel(settings, {group: {"Destination": {"DestinationRefId": "packager"}}}),
        channel(DESTINATION, {"Id": "packager", **destination}),
    )
    assert (("Channel", reference) not in findings_after(change)) == fits


@pytest.mark.parametrize(
    ("output", "fits"),
    [
        ({"MediaPackageOutputSettings": {}}, True),
        ({"HlsOutputSettings": {"HlsSettings": {}}}, False),
        ({"MediaPackageOutputSettings": {}, "HlsOutputSettings": {"HlsSettings": {}}}, False),
        ({}, False),
        ({"Ref": "Somewhere"}, True),
    ],
)
def test_an_output_has_the_kind_of_its_group(
    findings_after: FindingsAfter, output: dict[str, Any], fits: bool
) -> None:
    place = f"{GROUP}.Outputs[0].OutputSettings"
    assert (("Channel", place) not in findings_after(channel(place, output))) == fits


@pytest.mark.parametrize(
    "settings",
    [{}, {"MultiplexGroupSettings": {}, "HlsGroupSettings": {"Destination": {}}}],
    ids=["none", "two"],
)
def test_a_group_has_one_kind(findings_after: FindingsAfter, settings: dict[str, Any]) -> None:
    place = f"{GROUP}.OutputGroupSettings"
    assert ("Channel", place) in findings_after(channel(place, settings))


def test_settings_for_v2_need_a_destination_in_v2(findings_after: FindingsAfter) -> None:
    change = channel(PACKAGE, {"ChannelId": "1"})
    assert ("Channel", f"{PACKAGE_GROUP}.MediapackageV2GroupSettings") in findings_after(change)


def test_a_channel_for_v1_is_fine(findings_after: FindingsAfter) -> None:
    """Audio and video may share an output in v1."""
    change = together(
        channel(PACKAGE, {"ChannelId": "1"}),
        drop("Channel", f"{PACKAGE_GROUP}.MediapackageV2GroupSettings"),
        channel(f"{GROUP}.Outputs[0].AudioDescriptionNames", ["audio"]),
    )
    assert findings_after(change) == set()


def test_an_unknown_group_is_not_checked(findings_after: FindingsAfter) -> None:
    assert findings_after(channel(f"{ENCODER}.OutputGroups[0]", {"Ref": "Group"})) == set()
