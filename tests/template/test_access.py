"""Nobody gets the media without a signature."""

from typing import Any

import pytest

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document, of_type
from tests.resolve import Stack

# Whose signature the media require, by signing mode
TRUST = {
    "managed": ("TrustedKeyGroups", {"Fn::GetAtt": ["SigningKeyPair", "KeyGroupId"]}),
    "supplied": ("TrustedKeyGroups", {"Ref": "CookieKeys"}),
    "kms": ("TrustedKeyGroups", {"Ref": "KmsCookieKeys"}),
    "trusted-signer": ("TrustedSigners", {"Ref": "SigningAccount"}),
}


ORIGINS = ("packager", "media")
"""Of the media: in the stack, or elsewhere."""


def trust(behavior: Document) -> dict[str, Any]:
    """Whose signature a cache behavior requires; empty for none."""
    names = ("TrustedKeyGroups", "TrustedSigners")
    return {name: behavior[name] for name in names if name in behavior}


def media_url(stack: Stack) -> str:
    """The URL that the cookies' policy gives access to, from the signing function's environment."""
    (signer,) = stack.template["Resources"].keys() & {"CookiesFunction", "CookiesByKmsFunction"}
    told = stack.properties(signer)["Environment"]["Variables"]
    return str(told.get("MEDIA_URL") or told["CLOUDFRONT_URL"])


@pytest.mark.parametrize("name", STREAMS)
def test_every_media_behavior_requires_a_signature(name: str) -> None:
    stream = load(STREAMS[name])
    template = document(assemble(stream))
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    keys = [TRUST[one.mode] for one in (stream.signing, stream.former_signing) if one]
    behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    media = [item for item in behaviors if item["TargetOriginId"] in ORIGINS]
    others = [item for item in behaviors if item["TargetOriginId"] not in ORIGINS]
    stack = Stack(template=template)
    paths = [stack.value(behavior["PathPattern"]).split("/")[-1] for behavior in media]
    suffixes = {
        "HlsManifest": "*.m3u8",
        "DashManifest": "*.mpd",
    }
    assert {*paths} >= {"*", *(suffixes[one] for one in suffixes.keys() & template["Outputs"])}
    for behavior in media:
        assert trust(behavior) == {kind: [one for _, one in keys] for kind, _ in keys}
        assert behavior["AllowedMethods"] == ["GET", "HEAD"]
        assert behavior["ViewerProtocolPolicy"] == "https-only"
        assert "OriginRequestPolicyId" not in behavior
    assert not any(trust(behavior) for behavior in others)


def test_no_open_behavior_precedes_a_signed_one_with_common_paths(any_template: Document) -> None:
    stack = Stack(template=any_template)
    config = stack.properties("Distribution")["DistributionConfig"]
    behaviors = config["CacheBehaviors"]
    for index, behavior in enumerate(behaviors):
        if trust(behavior):
            for earlier in behaviors[:index]:
                assert trust(earlier) or not _could_both_match(
                    earlier["PathPattern"], behavior["PathPattern"]
                )


def test_a_cookie_gives_access_to_the_media_paths_only(any_template: Document) -> None:
    stack = Stack(
        template=any_template, attributes={"Distribution.DomainName": "d1.cloudfront.net"}
    )
    resource = media_url(stack)
    config = stack.properties("Distribution")["DistributionConfig"]
    protected = [item["PathPattern"] for item in config["CacheBehaviors"] if trust(item)]
    host = next(iter(config.get("Aliases", ["d1.cloudfront.net"])))
    opened = resource.removeprefix(f"https://{host}")
    if "PackagerGroup" in any_template["Resources"]:
        group = stack.properties("PackagerGroup")["ChannelGroupName"]
        assert opened == f"/out/v1/{group}/*"
    assert opened in protected
    assert all(pattern.startswith(opened.rstrip("*")) for pattern in protected)
    open_patterns = [item["PathPattern"] for item in config["CacheBehaviors"] if not trust(item)]
    assert not any(_could_both_match(opened, pattern) for pattern in open_patterns)


def test_the_manifests_are_where_the_signature_reaches(any_template: Document) -> None:
    stack = Stack(
        template=any_template, attributes={"Distribution.DomainName": "d1.cloudfront.net"}
    )
    resource = media_url(stack)
    for output in {"HlsManifest", "DashManifest"} & any_template["Outputs"].keys():
        address = stack.value(any_template["Outputs"][output]["Value"])
        assert address.startswith(resource.removesuffix("*"))


def test_only_this_distribution_reads_the_packager(any_template: Document) -> None:
    policies = of_type(any_template, "AWS::MediaPackageV2::OriginEndpointPolicy").values()
    assert len(policies) == len(of_type(any_template, "AWS::MediaPackageV2::OriginEndpoint"))
    stack = Stack(template=any_template, ids={"Distribution": "E123"})
    for policy in policies:
        (statement,) = stack.value(policy["Policy"])["Statement"]
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": ["cloudfront.amazonaws.com"]}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E123"}
        }


def test_media_are_cached_apart_from_cookies(any_template: Document) -> None:
    policies = of_type(any_template, "AWS::CloudFront::CachePolicy")
    assert set(policies) == {"ManifestCache", "SegmentCache"}
    for policy in policies.values():
        key = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["CookiesConfig"] == {"CookieBehavior": "none"}
        assert key["HeadersConfig"] == {"HeaderBehavior": "none"}


def test_refusals_are_never_cached_for_other_viewers(any_template: Document) -> None:
    (distribution,) = of_type(any_template, "AWS::CloudFront::Distribution").values()
    assert {
        entry["ErrorCode"]: entry["ErrorCachingMinTTL"]
        for entry in distribution["DistributionConfig"]["CustomErrorResponses"]
    } == {404: 1, 500: 0, 502: 0, 503: 0, 504: 0}


def _could_both_match(one: str, other: str) -> bool:
    """Whether some path matches both patterns, in which "*" matches any characters."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if "*" in (one[0], other[0]):
        starred, rest = (one, other) if one[0] == "*" else (other, one)
        return _could_both_match(starred[1:], rest) or _could_both_match(starred, rest[1:])
    return one[0] == other[0] and _could_both_match(one[1:], other[1:])
