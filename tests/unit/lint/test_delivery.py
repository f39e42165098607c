"""Cache behaviors that serve media without a signature."""

from typing import Any

import pytest

from protected_stream.lint.delivery import delivery_findings
from tests.unit.lint.changes import Change, drop, put, together
from tests.unit.lint.example_stream import Document, example_stream

BEHAVIOR = "DistributionConfig.CacheBehaviors[0]"
DEFAULT = "DistributionConfig.DefaultCacheBehavior"
UNSIGNED = drop("Distribution", f"{BEHAVIOR}.TrustedKeyGroups")


def distribution(path: str, value: Any) -> Change:
    return put("Distribution", path, value)


def without_keys(resources: Document) -> None:
    del resources["KeyGroup"]


def paths_after(change: Change) -> set[str]:
    document = example_stream()
    change(document["Resources"])
    return {finding.path for finding in delivery_findings(document)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (UNSIGNED, {BEHAVIOR}),
        (distribution(f"{BEHAVIOR}.TrustedKeyGroups", []), {BEHAVIOR}),
        (distribution(f"{BEHAVIOR}.TrustedKeyGroups", {"Ref": "AWS::NoValue"}), {BEHAVIOR}),
        (distribution(f"{BEHAVIOR}.TrustedKeyGroups", {"Ref": "Groups"}), set()),
        (together(UNSIGNED, distribution(f"{BEHAVIOR}.TrustedSigners", ["self"])), set()),
        (together(UNSIGNED, distribution(f"{BEHAVIOR}.TargetOriginId", "page")), set()),
        (distribution(f"{DEFAULT}.TargetOriginId", "packager"), {DEFAULT}),
        # with neither keys nor a behavior that requires a signature, the stream is meant for all
        (together(UNSIGNED, without_keys), set()),
        (
            together(
                UNSIGNED,
                without_keys,
                distribution(DEFAULT, {"TargetOriginId": "packager", "TrustedSigners": ["self"]}),
            ),
            {BEHAVIOR},
        ),
    ],
)
def test_media_behaviors_require_a_signature(change: Change, expected: set[str]) -> None:
    assert paths_after(change) == expected


@pytest.mark.parametrize(
    "domain",
    [
        {"Fn::Sub": "${PackagerGroup.EgressDomain}"},
        {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["Endpoint", "HlsManifestUrls"]}]}]},
    ],
)
def test_a_packager_is_recognized_in_any_expression(domain: Any) -> None:
    change = distribution("DistributionConfig.Origins[0].DomainName", domain)
    assert paths_after(together(UNSIGNED, change)) == {BEHAVIOR}


@pytest.mark.parametrize(
    ("pattern", "origin", "expected"),
    [
        ("/live/*", "elsewhere", {"DistributionConfig.CacheBehaviors[1]"}),
        ("/live/*", "other", set()),
        ("/posters/*", "elsewhere", set()),
        ("*.jpg", "elsewhere", set()),
    ],
)
def test_a_stream_of_another_host_is_signed_as_a_whole(
    pattern: str, origin: str, expected: set[str]
) -> None:
    """The template has only the name of such a host."""
    behaviors = [
        {"PathPattern": "/live/*.m3u8", "TargetOriginId": "elsewhere", "TrustedSigners": ["self"]},
        {"PathPattern": pattern, "TargetOriginId": origin},
    ]
    assert paths_after(distribution("DistributionConfig.CacheBehaviors", behaviors)) == expected


def test_a_condition_may_not_take_the_signature_away() -> None:
    document = example_stream()
    document["Conditions"] = {"IsTest": {"Fn::Equals": [{"Ref": "Stage"}, "test"]}}
    optional = {"Fn::If": ["IsTest", {"Ref": "AWS::NoValue"}, [{"Ref": "KeyGroup"}]]}
    distribution(f"{BEHAVIOR}.TrustedKeyGroups", optional)(document["Resources"])
    assert {finding.path for finding in delivery_findings(document)} == {BEHAVIOR}
