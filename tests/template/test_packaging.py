"""MediaPackage: packages the renditions as HLS and DASH."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from tests.conftest import Document, of_type
from tests.resolve import Stack


def endpoint(template: Document) -> Document:
    """The properties of the template's endpoint."""
    (properties,) = of_type(template, "AWS::MediaPackageV2::OriginEndpoint").values()
    return properties


def packager_origin(template: Document) -> Document:
    """The distribution's origin for the media."""
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    origins = distribution["DistributionConfig"]["Origins"]
    (origin,) = (item for item in origins if item["Id"] == "packager")
    return dict(origin)


def test_hls_and_dash_come_from_the_same_segments(any_encoded_template: Document) -> None:
    properties = any_encoded_template["Resources"]["PackagerEndpoint"]["Properties"]
    assert properties["ContainerType"] == "CMAF"
    assert len(properties["HlsManifests"]) == len(properties["DashManifests"]) == 1


def test_the_channel_accepts_what_medialive_delivers(any_encoded_template: Document) -> None:
    """MediaLive delivers CMAF to MediaPackage's channel group and channel."""
    stack = Stack(template=any_encoded_template)
    packager = stack.properties("PackagerChannel")
    assert packager["InputType"] == "CMAF"
    (channel,) = of_type(any_encoded_template, "AWS::MediaLive::Channel")
    (destination,) = stack.properties(channel)["Destinations"]
    assert destination["MediaPackageSettings"] == [
        {"ChannelGroup": packager["ChannelGroupName"], "ChannelName": packager["ChannelName"]}
    ]


def test_viewers_get_the_pipeline_with_the_better_picture(default: Document) -> None:
    """MediaPackage's default switches only if segments are missing, not if they are black."""
    (channel,) = of_type(default, "AWS::MediaPackageV2::Channel").values()
    assert channel["InputSwitchConfiguration"] == {"MQCSInputSwitching": True, "PreferredInput": 1}


def test_a_single_pipeline_is_not_switched(template_of: Callable[..., Document]) -> None:
    single = template_of(encoding={"channel_class": "SINGLE_PIPELINE"})
    (channel,) = of_type(single, "AWS::MediaPackageV2::Channel").values()
    assert "InputSwitchConfiguration" not in channel


@pytest.mark.parametrize(("segment", "read"), [(1, 2), (4, 2), (5, 3), (10, 5), (30, 15)])
def test_the_distribution_waits_for_the_packager_as_long_as_a_segment_lasts(
    template_of: Callable[..., Document], segment: int, read: int
) -> None:
    """CloudFront's defaults, three attempts of 10 and 30 seconds, outlast a player's buffer."""
    template = template_of(
        packaging={"segment_seconds": segment, "dvr_window_seconds": 900},
        encoding={"gop_seconds": 1},
    )
    origin = packager_origin(template)
    assert (origin["ConnectionAttempts"], origin["ConnectionTimeout"]) == (2, 2)
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == read
    assert origin["CustomOriginConfig"]["OriginKeepaliveTimeout"] == segment + 1


def test_frame_rate_and_segments_can_change_without_a_new_channel(default: Document) -> None:
    (channel,) = of_type(default, "AWS::MediaPackageV2::Channel").values()
    assert channel["OutputLockingMode"] == "NON_EPOCH_LOCKED"


def test_a_viewer_can_seek_back_as_far_as_the_window(template_of: Callable[..., Document]) -> None:
    properties = endpoint(template_of(packaging={"dvr_window_seconds": 600}))
    for manifests in ("HlsManifests", "DashManifests"):
        assert [manifest["ManifestWindowSeconds"] for manifest in properties[manifests]] == [600]


def test_each_container_has_an_endpoint_with_a_policy_of_its_own(
    template_of: Callable[..., Document],
) -> None:
    """MediaPackage v2 denies everyone whom an endpoint's policy does not allow."""
    template = template_of(packaging={"formats": ["hls", "dash", "ll-hls", "hls-ts", "mss"]})
    endpoints = of_type(template, "AWS::MediaPackageV2::OriginEndpoint")
    assert {title: one["ContainerType"] for title, one in endpoints.items()} == {
        "PackagerEndpoint": "CMAF",
        "PackagerTsEndpoint": "TS",
        "PackagerIsmEndpoint": "ISM",
    }
    policies = of_type(template, "AWS::MediaPackageV2::OriginEndpointPolicy")
    assert {title.removesuffix("Policy") for title in policies} == endpoints.keys()
    for title in endpoints:
        (statement,) = policies[f"{title}Policy"]["Policy"]["Statement"]
        assert statement["Resource"] == [{"Ref": title}]


@pytest.mark.parametrize(
    ("formats", "told"),
    [
        ([], "at least one"),
        (["hls", "hls"], "each once"),
        (["mss"], "the page can play: hls, dash, ll-hls, hls-ts"),
        (["hds"], "must be one of hls, dash, ll-hls, hls-ts, mss"),
    ],
)
def test_formats_that_nobody_could_watch_are_refused(
    template_of: Callable[..., Document], formats: list[str], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        template_of(packaging={"formats": formats})


def test_low_latency_playlists_are_cached_by_what_players_wait_for(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(packaging={"formats": ["ll-hls"]})
    policy = of_type(template, "AWS::CloudFront::CachePolicy")["ManifestCache"]
    key = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    queries = key["QueryStringsConfig"]["QueryStrings"]
    assert {"_HLS_msn", "_HLS_part", "_HLS_skip"} < set(queries)
    assert len(queries) <= 10  # CloudFront's quota for a cache policy


def test_players_of_both_formats_stay_three_segments_behind(default: Document) -> None:
    properties = endpoint(default)
    (dash,) = properties["DashManifests"]
    segment = properties["Segment"]["SegmentDurationSeconds"]
    assert dash["SuggestedPresentationDelaySeconds"] == 3 * segment


def test_a_stream_that_has_ended_is_not_found(any_encoded_template: Document) -> None:
    """The page's waiting screen depends on it: a stale manifest looks like a stall."""
    for endpoint in of_type(any_encoded_template, "AWS::MediaPackageV2::OriginEndpoint").values():
        errors = endpoint["ForceEndpointErrorConfiguration"]
        assert errors == {"EndpointErrorConditions": ["STALE_MANIFEST"]}


@pytest.mark.parametrize("hours", [0, 1])
def test_only_query_strings_that_change_a_manifest_reach_the_packager(
    template_of: Callable[..., Document], hours: int
) -> None:
    """AWS Elemental MediaPackage v2 User Guide, "Time-shifted viewing examples"."""
    template = template_of(packaging={"startover_hours": hours})
    assert endpoint(template)["StartoverWindowSeconds"] == hours * 3600
    policies = of_type(template, "AWS::CloudFront::CachePolicy")
    keys = {
        title: policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        for title, policy in policies.items()
    }
    assert keys["ManifestCache"]["QueryStringsConfig"] == {
        "QueryStringBehavior": "whitelist",
        "QueryStrings": ["aws.manifestfilter", "aws.manifestsettings"],
    }
    assert keys["SegmentCache"]["QueryStringsConfig"] == {"QueryStringBehavior": "none"}


def test_the_distribution_signs_its_requests(any_encoded_template: Document) -> None:
    origin = packager_origin(any_encoded_template)
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["PackagerAccess", "Id"]}
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    access = any_encoded_template["Resources"]["PackagerAccess"]["Properties"]
    config = access["OriginAccessControlConfig"]
    assert (config["OriginAccessControlOriginType"], config["SigningBehavior"]) == (
        "mediapackagev2",
        "always",
    )


def test_the_policy_names_the_endpoint_without_wildcards(any_encoded_template: Document) -> None:
    """AWS Elemental MediaPackage v2 User Guide: wildcards are not allowed in its Resource."""
    stack = Stack(template=any_encoded_template)
    policy = stack.properties("PackagerEndpointPolicy")
    (statement,) = policy["Policy"]["Statement"]
    names = [policy[name] for name in ("ChannelGroupName", "ChannelName", "OriginEndpointName")]
    group, channel, name = names
    assert statement["Resource"] == [
        "arn:aws:mediapackagev2:us-east-1:123456789012:"
        f"channelGroup/{group}/channel/{channel}/originEndpoint/{name}"
    ]
