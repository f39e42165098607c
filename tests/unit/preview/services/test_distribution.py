"""The edge rejects unsupported settings of a distribution."""

from collections.abc import Mapping
from typing import Any

import pytest

from preview.errors import PreviewError
from tests.preview.edges import CONFIG, World, behaving, origin, request_policy


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({**CONFIG, "Staging": True}, "DistributionConfig.Staging"),
        ({**CONFIG, "OriginGroups": {"Quantity": 1, "Items": [{}]}}, "OriginGroups"),
        ({**CONFIG, "Invented": 1}, "DistributionConfig.Invented"),
        ({**CONFIG, "Enabled": False}, "DistributionConfig.Enabled"),
        (
            behaving(FunctionAssociations=[{"EventType": "viewer-response"}]),
            "functions at viewer-response",
        ),
        (behaving(LambdaFunctionAssociations=[{}]), "CacheBehavior.LambdaFunctionAssociations"),
        (behaving(FieldLevelEncryptionId="x"), "CacheBehavior.FieldLevelEncryptionId"),
        (behaving(ForwardedValues={"QueryString": True}), "CacheBehavior.ForwardedValues"),
        (behaving(ViewerProtocolPolicy="http-only"), "ViewerProtocolPolicy http-only"),
        (behaving(TargetOriginId="nowhere"), "nowhere"),
        (behaving(CachePolicyId="nowhere"), "nowhere"),
        (behaving(OriginRequestPolicyId="nowhere"), "nowhere"),
        (behaving(ResponseHeadersPolicyId="nowhere"), "nowhere"),
        (behaving(ResponseHeadersPolicyId="cors"), r"the allowed origin https://\*\.example\.com"),
        (behaving(OriginRequestPolicyId="country"), "cloudfront-viewer-country"),
        (behaving(OriginRequestPolicyId="added"), "allViewerAndWhitelistCloudFront"),
        ({**behaving(), "Origins": [origin("page", VpcOriginConfig={"x": 1})]}, "Origin.VpcOrigin"),
        (
            {
                **behaving(),
                "Origins": [{**origin("page"), "S3OriginConfig": {"OriginAccessIdentity": "x"}}],
            },
            "S3OriginConfig.OriginAccessIdentity",
        ),
    ],
)
def test_an_unsupported_setting_is_rejected_by_name(config: Mapping[str, Any], named: str) -> None:
    policies = {
        "cors": {"CorsConfig": {"AccessControlAllowOrigins": {"Items": ["https://*.example.com"]}}},
        "country": request_policy(Header="whitelist:CloudFront-Viewer-Country"),
        "added": request_policy(Header="allViewerAndWhitelistCloudFront:CloudFront-Viewer-City"),
    }
    with pytest.raises(PreviewError, match=named):
        World(config, **policies)


def test_settings_that_do_not_affect_responses_or_are_off_are_accepted() -> None:
    off = {
        "Comment": "c",
        "HttpVersion": "http2and3",
        "WebACLId": "arn:aws:wafv2:x",
        "Staging": False,
        "OriginGroups": {"Quantity": 0},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none"}},
    }
    assert World({**CONFIG, **off}).get("/a").status_code == 200
