"""CloudFront distribution: serves the page, the API and the media."""

import re
from typing import Any

import pytest
from boto3.session import Session
from pydantic import ValidationError

from tests.conftest import CHECKOUT, Document, of_type
from tests.resolve import Stack

# Not cognito-idp, which is an API that every account shares: a script could send tokens there.
HOSTS = "https://live-1a2b3c4d-0000-4000-8000-0123456789ab.auth.us-east-1.amazoncognito.com"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"  # managed by CloudFront
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    f"connect-src 'self' {HOSTS}; img-src 'self' data: blob:; media-src 'self' blob:; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@pytest.fixture(scope="module")
def config(default: Document) -> Document:
    """The configuration of the default template's distribution."""
    return dict(Stack(template=default).properties("Distribution")["DistributionConfig"])


def behavior(config: Document, pattern: str) -> Document:
    """The cache behavior whose path pattern ends like this."""
    (found,) = (item for item in config["CacheBehaviors"] if item["PathPattern"].endswith(pattern))
    return dict(found)


def test_there_is_one_distribution(any_template: Document) -> None:
    assert len(of_type(any_template, "AWS::CloudFront::Distribution")) == 1


def test_manifests_and_segments_are_cached_apart(config: Document) -> None:
    manifests = {behavior(config, end)["CachePolicyId"] for end in (".m3u8", ".mpd")}
    (segments,) = (
        item["CachePolicyId"]
        for item in config["CacheBehaviors"]
        if item["TargetOriginId"] == "packager" and item["PathPattern"].endswith("/*")
    )
    assert len(manifests) == 1
    assert segments not in manifests


def test_segments_have_a_cache_policy_of_their_own(default: Document) -> None:
    config = default["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    policies = [item["CachePolicyId"] for item in config["CacheBehaviors"]]
    assert policies.count({"Ref": "SegmentCache"}) == 1


def test_only_the_api_is_sent_what_viewers_send(config: Document) -> None:
    """Cookies and tokens go nowhere else."""
    behaviors = [*config["CacheBehaviors"], config["DefaultCacheBehavior"]]
    forwarding = [one["TargetOriginId"] for one in behaviors if "OriginRequestPolicyId" in one]
    assert forwarding == ["api"]


def test_the_packager_sets_how_long_media_are_cached(default: Document) -> None:
    for policy in of_type(default, "AWS::CloudFront::CachePolicy").values():
        times = policy["CachePolicyConfig"]
        assert times["MinTTL"] == 0
        assert times["MaxTTL"] >= 1_209_600  # MediaPackage's value for segments, in seconds


def test_the_api_gets_everything_and_nothing_is_cached(config: Document) -> None:
    api = behavior(config, "/api/*")
    assert set(api["AllowedMethods"]) >= {"GET", "DELETE"}
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert api["ViewerProtocolPolicy"] == "https-only"


def test_the_page_is_the_default_behavior(config: Document) -> None:
    page = config["DefaultCacheBehavior"]
    assert page["TargetOriginId"] == "page"
    assert page["ViewerProtocolPolicy"] == "redirect-to-https"
    assert config["DefaultRootObject"] == "index.html"


def test_unknown_paths_have_a_page_and_all_errors_keep_their_status(config: Document) -> None:
    """Of the distribution's errors, only 404 has one; it is the packager's, too."""
    pages = {
        entry["ErrorCode"]: (entry["ResponsePagePath"], entry["ResponseCode"])
        for entry in config["CustomErrorResponses"]
        if "ResponsePagePath" in entry
    }
    assert pages == {404: ("/404.html", 404)}
    assert (CHECKOUT / "web_src" / "404.html").is_file()


def test_it_supports_http_3_and_ipv6(config: Document) -> None:
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)


def test_the_page_runs_only_its_own_code(default: Document) -> None:
    headers = Stack(template=default).properties("PageHeaders")["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert policy == CONTENT_SECURITY_POLICY
    assert len(policy) <= 1783  # Amazon CloudFront Developer Guide, "Quotas"


def test_page_and_api_have_security_headers_and_the_media_none(config: Document) -> None:
    page = config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
    policies = {
        item.get("ResponseHeadersPolicyId")
        for item in config["CacheBehaviors"]
        if item["TargetOriginId"] == "api"
    }
    assert policies == {SECURITY_HEADERS} != {page}
    media = [item for item in config["CacheBehaviors"] if item["TargetOriginId"] == "packager"]
    assert not any("ResponseHeadersPolicyId" in item for item in media)


def test_the_pages_settings_are_cached_before_the_api(default: Document, config: Document) -> None:
    """One client's requests for them would otherwise use up the rate that all viewers share."""
    paths = [item["PathPattern"] for item in config["CacheBehaviors"]]
    assert paths.index("/api/config") < paths.index("/api/*")
    settings = behavior(config, "/api/config")
    assert settings["TargetOriginId"] == "api"
    assert settings["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert settings["AllowedMethods"] == ["GET", "HEAD"]
    assert "OriginRequestPolicyId" not in settings
    (answer,) = default["Resources"]["GetConfig"]["Properties"]["Integration"][
        "IntegrationResponses"
    ]
    assert answer["ResponseParameters"] == {"method.response.header.Cache-Control": "'max-age=60'"}


def test_the_media_pass_through_origin_shield_near_the_packager(default: Document) -> None:
    regions = set(Session().get_available_regions("medialive"))
    for region in regions:
        stack = Stack(template=default, region=region)
        origins = stack.properties("Distribution")["DistributionConfig"]["Origins"]
        shields = {one["Id"]: one["OriginShield"] for one in origins if "OriginShield" in one}
        assert shields.keys() == {"packager"}
        assert shields["packager"]["Enabled"] is True
        assert shields["packager"]["OriginShieldRegion"] in regions
    assert set(default["Mappings"]["OriginShield"]) == regions


@pytest.mark.parametrize(
    ("region", "choice", "shield"),
    [
        ("eu-west-3", "on", {"Enabled": True, "OriginShieldRegion": "eu-west-2"}),
        ("eu-west-3", "eu-west-1", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}),
        ("any", "eu-west-1", {"Enabled": True, "OriginShieldRegion": "eu-west-1"}),
        ("any", "off", None),
    ],
)
def test_origin_shield_needs_no_mapping_in_a_known_region(
    template_of: Any, region: str, choice: str, shield: Document | None
) -> None:
    template = template_of(region=region, delivery={"origin_shield": choice})
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    origins = {one["Id"]: one for one in distribution["DistributionConfig"]["Origins"]}
    assert origins["packager"].get("OriginShield") == shield
    assert "Mappings" not in template


def test_access_logs_leave_out_cookies_and_authorization_codes(template_of: Any) -> None:
    """The URL after sign-in contains the code, and is the referrer of the page's first requests."""
    template = template_of(region="us-east-1", delivery={"access_logs": True})
    (delivery,) = of_type(template, "AWS::Logs::Delivery").values()
    assert "c-ip" in delivery["RecordFields"]
    assert not {"cs(Cookie)", "cs(Referer)", "cs-uri-query"} & {*delivery["RecordFields"]}
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    assert "Logging" not in distribution["DistributionConfig"]


def test_access_logs_are_off_by_default(default: Document) -> None:
    assert of_type(default, "AWS::Logs::Delivery") == {}


def test_addresses_are_outputs(default: Document) -> None:
    stack = Stack(template=default, attributes={"Distribution.DomainName": "d1.cloudfront.net"})
    watch, hls, dash = (
        stack.value(default["Outputs"][name]["Value"])
        for name in ("WatchAddress", "HlsManifest", "DashManifest")
    )
    endpoint = stack.properties("PackagerEndpoint")
    names = ("ChannelGroupName", "ChannelName", "OriginEndpointName")
    path = "/".join(endpoint[name] for name in names)
    assert watch == "https://d1.cloudfront.net/"
    assert hls == f"https://d1.cloudfront.net/out/v1/{path}/index.m3u8"
    assert dash == f"https://d1.cloudfront.net/out/v1/{path}/index.mpd"


def distribution_of(template: Document) -> Document:
    """The configuration of the distribution."""
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    config: Document = distribution["DistributionConfig"]
    return config


@pytest.mark.parametrize(
    ("option", "kind"), [("allowed_countries", "whitelist"), ("denied_countries", "blacklist")]
)
def test_cloudfront_serves_the_countries_that_are_named(
    template_of: Any, option: str, kind: str
) -> None:
    config = distribution_of(template_of(delivery={option: ["DE", "AT"]}))
    assert config["Restrictions"] == {
        "GeoRestriction": {"RestrictionType": kind, "Locations": ["DE", "AT"]}
    }


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({"allowed_countries": ["de"]}, "two capital letters"),
        ({"denied_countries": ["DEU"]}, "two capital letters"),
        ({"allowed_countries": ["DE", "DE"]}, "each country once"),
        (
            {"allowed_countries": ["DE"], "denied_countries": ["FR"]},
            "allowed_countries and denied_countries cannot be given together",
        ),
    ],
)
def test_countries_that_cloudfront_does_not_take_are_refused(
    template_of: Any, tables: dict[str, list[str]], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        template_of(delivery=tables)


def test_the_web_acl_of_the_operator_protects_the_distribution(template_of: Any) -> None:
    template = template_of(delivery={"web_acl": "supplied"})
    assert distribution_of(template)["WebACLId"] == {"Ref": "WebAclArn"}
    pattern = template["Parameters"]["WebAclArn"]["AllowedPattern"]
    acl = "webacl/live/01234567-89ab-cdef-0123-456789abcdef"
    assert re.fullmatch(pattern, f"arn:aws:wafv2:us-east-1:123456789012:global/{acl}")
    assert not re.fullmatch(pattern, f"arn:aws:wafv2:eu-west-1:123456789012:regional/{acl}")


def test_without_restrictions_the_distribution_has_none(default: Document) -> None:
    assert {"Restrictions", "WebACLId"}.isdisjoint(distribution_of(default))
