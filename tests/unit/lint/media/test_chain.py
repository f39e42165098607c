"""References between inputs, channels and the packager."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.unit.lint.changes import PACKAGE_GROUP, Change, drop, hevc, nothing, put, together
from tests.unit.lint.conftest import FindingsAfter

PACKAGE = "Destinations[0].MediaPackageSettings[0]"
STREAM = {"StreamName": "primary/key"}


def from_arn(part: int | str, resource: str) -> dict[str, Any]:
    return {"Fn::Select": [part, {"Fn::Split": ["/", {"Ref": resource}]}]}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("Channel", "InputAttachments[0].InputId", {"Ref": "AllowList"}), True),
        (put("Channel", "InputAttachments[0].InputId", {"Ref": "Distribution"}), True),
        (put("Channel", "InputAttachments[0].InputId", {"Ref": "InputFromOutside"}), False),
        (put("Channel", "InputAttachments[0].InputId", "1234567"), False),
    ],
)
def test_a_channel_is_attached_to_inputs(
    findings_after: FindingsAfter, change: Change, expected: bool
) -> None:
    found = findings_after(change)
    assert found == ({("Channel", "InputAttachments[0].InputId")} if expected else set())


def test_an_input_is_guarded_by_input_security_groups(findings_after: FindingsAfter) -> None:
    change = put("Encoder", "InputSecurityGroups[0]", {"Ref": "Channel"})
    assert findings_after(change) == {("Encoder", "InputSecurityGroups[0]")}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (put("Encoder", "Destinations", [STREAM]), {"Destinations"}),
        (put("Encoder", "Destinations", [STREAM, STREAM, STREAM]), {"Destinations"}),
        (put("Encoder", "Destinations", {"Ref": "Destinations"}), set()),
        (
            together(
                put("Encoder", "Destinations", [STREAM]),
                put("Channel", "ChannelClass", "SINGLE_PIPELINE"),
            ),
            set(),
        ),
        (
            together(
                put("Encoder", "Type", "URL_PULL"),
                put("Encoder", "Sources", [{"Url": "https://host/1.m3u8"}]),
                drop("Encoder", "Destinations"),
            ),
            {"Sources"},
        ),
        (
            together(
                put("Encoder", "Type", "RTMP_PULL"),
                put("Encoder", "Sources", [{"Url": "rtmp://host/live/1"}]),
                drop("Encoder", "Destinations"),
            ),
            {"Sources"},
        ),
        (
            together(
                put("Encoder", "Type", "SRT_CALLER"),
                put("Encoder", "SrtSettings", {"SrtCallerSources": [{"SrtListenerPort": "5000"}]}),
                drop("Encoder", "Destinations"),
            ),
            {"SrtSettings.SrtCallerSources"},
        ),
        (
            together(
                put("Encoder", "Type", "MEDIACONNECT"),
                put("Encoder", "MediaConnectFlows", [{"FlowArn": "arn"}]),
                drop("Encoder", "Destinations"),
            ),
            {"MediaConnectFlows"},
        ),
        # MediaLive creates the two addresses of RTP itself
        (together(put("Encoder", "Type", "RTP_PUSH"), drop("Encoder", "Destinations")), set()),
    ],
)
def test_a_standard_channel_has_a_source_for_each_pipeline(
    findings_after: FindingsAfter, change: Change, wrong: set[str]
) -> None:
    assert findings_after(change) == {("Encoder", name) for name in wrong}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (drop("Encoder", "InputSecurityGroups"), {"InputSecurityGroups"}),
        (put("Encoder", "InputSecurityGroups", []), {"InputSecurityGroups"}),
        (put("Encoder", "InputSecurityGroups", {"Ref": "Groups"}), set()),
        (
            together(
                drop("Encoder", "InputSecurityGroups"),
                put("Encoder", "Vpc", {"SubnetIds": ["subnet-1", "subnet-2"]}),
                put("Encoder", "RoleArn", "arn:aws:iam::123456789012:role/input"),
            ),
            set(),
        ),
        (
            together(
                drop("Encoder", "InputSecurityGroups"),
                put("Encoder", "InputNetworkLocation", "ON_PREMISES"),
            ),
            set(),
        ),
        (
            put("Encoder", "Vpc", {"SubnetIds": ["subnet-1", "subnet-2"]}),
            {"InputSecurityGroups", "RoleArn"},
        ),
        (drop("Encoder", "Destinations[1].StreamName"), {"Destinations[1].StreamName"}),
    ],
)
def test_push_inputs_restrict_senders(
    findings_after: FindingsAfter, change: Change, wrong: set[str]
) -> None:
    assert findings_after(change) == {("Encoder", name) for name in wrong}


def test_rtmp_is_pushed_to_destinations(findings_after: FindingsAfter) -> None:
    assert ("Encoder", "Destinations") in findings_after(drop("Encoder", "Destinations"))


@pytest.mark.parametrize(
    "change",
    [
        nothing,
        put("Endpoint", "ChannelName", "channel-1191b4"),
        put("Channel", f"{PACKAGE}.ChannelName", "channel-1191b4"),
        put("Endpoint", "ChannelGroupName", {"Fn::Sub": "${AWS::StackName}-live"}),
        put("Endpoint", "ChannelGroupName", from_arn("1", "PackagerGroup")),
        put("OnlyDelivery", "OriginEndpointName", "cmaf-aef8ba"),
        put("Channel", f"{PACKAGE}.MediaPackageRegionName", {"Ref": "AWS::Region"}),
        put(
            "Channel",
            PACKAGE,
            {"ChannelGroup": "g", "ChannelName": "c", "MediaPackageRegionName": "eu-west-1"},
        ),
    ],
)
def test_a_name_may_be_literal_or_read_from_the_arn(
    findings_after: FindingsAfter, change: Change
) -> None:
    assert findings_after(change) == set()


@pytest.mark.parametrize(
    ("resource", "path", "value"),
    [
        ("Endpoint", "ChannelName", "channel"),
        ("Endpoint", "ChannelName", from_arn(5, "PackagerChannel")),
        ("Endpoint", "ChannelName", from_arn(1, "PackagerChannel")),
        ("Endpoint", "ChannelGroupName", from_arn(3, "PackagerChannel")),
        ("PackagerChannel", "ChannelGroupName", "live"),
        ("Channel", f"{PACKAGE}.ChannelName", "channel"),
        ("Channel", f"{PACKAGE}.ChannelGroup", "live"),
        ("Endpoint", "ChannelName", {"Fn::Select": [3, {"Fn::Split": ["/", "a/b/c/d"]}]}),
        ("OnlyDelivery", "OriginEndpointName", from_arn(3, "Endpoint")),
        ("OnlyDelivery", "ChannelName", "channel"),
        # the name of a resource that refers to itself cannot be resolved
        ("PackagerChannel", "ChannelGroupName", from_arn(1, "PackagerChannel")),
    ],
)
def test_a_name_belongs_to_a_resource_of_the_template(
    findings_after: FindingsAfter, resource: str, path: str, value: Any
) -> None:
    assert (resource, path) in findings_after(put(resource, path, value))


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (put("PackagerChannel", "InputType", "HLS"), False),
        (drop("PackagerChannel", "InputType"), False),
        (put("PackagerChannel", "InputType", {"Ref": "InputType"}), True),
    ],
)
def test_the_packager_accepts_what_medialive_sends(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    assert (("PackagerChannel", "InputType") not in findings_after(change)) == fits


def test_cmaf_settings_need_cmaf(findings_after: FindingsAfter) -> None:
    found = findings_after(put("PackagerChannel", "InputType", "HLS"))
    assert {
        ("PackagerChannel", "OutputLockingMode"),
        ("PackagerChannel", "InputSwitchConfiguration"),
    } <= found


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (put("Endpoint", "Segment.SegmentDurationSeconds", 2), True),
        (put("Endpoint", "Segment.SegmentDurationSeconds", 6), True),
        (put("Endpoint", "Segment.SegmentDurationSeconds", 5), False),
        (put("Endpoint", "Segment.SegmentDurationSeconds", 1), False),
        (put("Endpoint", "Segment.SegmentDurationSeconds", {"Ref": "Seconds"}), True),
        (drop("Endpoint", "Segment"), True),
        (
            put("Channel", f"{PACKAGE_GROUP}.MediapackageV2GroupSettings.SegmentLength", 6),
            False,
        ),
    ],
)
def test_segments_for_viewers_are_whole_medialive_segments(
    findings_after: FindingsAfter, change: Change, fits: bool
) -> None:
    expected = set() if fits else {("Endpoint", "Segment.SegmentDurationSeconds")}
    assert findings_after(change) == expected


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (put("Endpoint", "ContainerType", "TS"), {"DashManifests"}),
        (put("Endpoint", "ContainerType", "ISM"), {"DashManifests", "HlsManifests"}),
        (put("Endpoint", "MssManifests", [{"ManifestName": "smooth"}]), {"MssManifests"}),
        (
            put("Endpoint", "LowLatencyHlsManifests", [{"ManifestName": "index"}]),
            {"LowLatencyHlsManifests[0].ManifestName"},
        ),
        (put("Endpoint", "LowLatencyHlsManifests", [{"ManifestName": "low-latency"}]), set()),
    ],
)
def test_manifests_fit_the_container(
    findings_after: FindingsAfter, change: Change, wrong: set[str]
) -> None:
    assert findings_after(change) == {("Endpoint", name) for name in wrong}


EVERY_RUNG = range(6)


@pytest.mark.parametrize(
    ("container", "in_hevc", "fits"),
    [
        ("CMAF", EVERY_RUNG, True),
        ("TS", EVERY_RUNG, False),
        ("TS", range(5), True),
        ("ISM", EVERY_RUNG, False),
        ("ISM", range(1), False),
        ("ISM", (), True),
        ({"Ref": "Container"}, EVERY_RUNG, True),
    ],
)
def test_an_endpoint_serves_the_codecs_that_it_is_fed(
    findings_after: FindingsAfter, container: Any, in_hevc: Sequence[int], fits: bool
) -> None:
    without = drop("Endpoint", "DashManifests") if container != "CMAF" else nothing
    manifests = drop("Endpoint", "HlsManifests") if container == "ISM" else nothing
    found = findings_after(
        together(
            *(hevc(rung) for rung in in_hevc),
            put("Endpoint", "ContainerType", container),
            without,
            manifests,
        )
    )
    assert found == (set() if fits else {("Endpoint", "ContainerType")})


def test_an_endpoint_of_another_channel_serves_any_codec(findings_after: FindingsAfter) -> None:
    change = together(
        *(hevc(rung) for rung in EVERY_RUNG),
        drop("Endpoint", "DashManifests"),
        put("Endpoint", "ContainerType", "TS"),
        put("Endpoint", "ChannelName", {"Ref": "OtherChannel"}),
    )
    assert ("Endpoint", "ContainerType") not in findings_after(change)
