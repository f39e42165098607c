"""Expressions whose values are known only at deployment, and conditions."""

from typing import Any

import pytest

from protected_stream.lint.branches import branches
from protected_stream.lint.media import media_findings
from tests.unit.lint.changes import ENCODER, GROUP, h264, put
from tests.unit.lint.conftest import FindingsAfter
from tests.unit.lint.example_stream import Document, example_stream

BITRATE = h264(0, "MaxBitrate")
NO_VALUE = {"Ref": "AWS::NoValue"}
IS_TEST = {"Fn::Equals": [{"Ref": "Stage"}, "test"]}
IS_BIG = {"Fn::Equals": [{"Ref": "Size"}, "big"]}
BOTH = {"Fn::And": [{"Condition": "IsHls"}, {"Condition": "IsDash"}]}


@pytest.mark.parametrize(
    "expression",
    [
        {"Ref": "Parameter"},
        {"Fn::GetAtt": ["Resource", "Attribute"]},
        {"Fn::Sub": "${AWS::StackName}"},
        {"Fn::Join": ["", ["a", "b"]]},
        {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]},
        {"Fn::ImportValue": "export"},
        {"Fn::FindInMap": ["map", "first", "second"]},
        "{{resolve:ssm:/parameter}}",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        BITRATE,
        h264(0, "RateControlMode"),
        h264(0, "GopSize"),
        f"{ENCODER}.VideoDescriptions[0].Height",
        "ChannelClass",
        "InputAttachments",
        "EncoderSettings",
    ],
)
def test_an_expression_is_assumed_to_be_valid(
    findings_after: FindingsAfter, path: str, expression: Any
) -> None:
    assert findings_after(put("Channel", path, expression)) == set()


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (NO_VALUE, BITRATE),
        ({"Fn::If": ["IsTest", 1, 4_100_000]}, BITRATE),
        ({"Fn::If": ["IsTest", 4_100_000, 1]}, BITRATE),
        ({"Fn::If": ["IsTest", 4_100_000, NO_VALUE]}, BITRATE),
        ({"Fn::If": ["IsTest", NO_VALUE, 4_100_000]}, BITRATE),
        ({"Fn::If": ["IsTest", 4_100_000, {"Fn::If": ["IsBig", 4_100_000, "much"]}]}, BITRATE),
    ],
)
def test_both_branches_are_checked(findings_after: FindingsAfter, value: Any, path: str) -> None:
    assert findings_after(put("Channel", BITRATE, value)) == {("Channel", path)}


def test_valid_branches_are_fine(findings_after: FindingsAfter) -> None:
    value = {"Fn::If": ["IsTest", 400_000, {"Ref": "Bitrate"}]}
    assert findings_after(put("Channel", BITRATE, value)) == set()


def test_an_absent_item_does_not_move_others(findings_after: FindingsAfter) -> None:
    """Findings have the paths that the template's author sees."""

    def change(resources: Document) -> None:
        encoder = resources["Channel"]["Properties"]["EncoderSettings"]
        encoder["VideoDescriptions"].insert(0, NO_VALUE)
        encoder["VideoDescriptions"][2]["Sharpness"] = 101

    assert findings_after(change) == {("Channel", f"{ENCODER}.VideoDescriptions[2].Sharpness")}


def small_or_whole(conditions: Document, last: str = "IsTest") -> Document:
    """A template whose smallest rendition and its output depend on two conditions."""
    template = {**example_stream(), "Conditions": conditions}
    encoder = template["Resources"]["Channel"]["Properties"]["EncoderSettings"]
    videos, outputs = encoder["VideoDescriptions"], encoder["OutputGroups"][0]["Outputs"]
    videos[5] = {"Fn::If": ["IsTest", NO_VALUE, videos[5]]}
    outputs[5] = {"Fn::If": [last, NO_VALUE, outputs[5]]}
    return template


DANGLING = {
    ("Channel", f"{GROUP}.Outputs[5].VideoDescriptionName"),
    ("Channel", f"{ENCODER}.VideoDescriptions[5].Name"),
}


@pytest.mark.parametrize(
    ("conditions", "last", "expected"),
    [
        ({"IsTest": IS_TEST}, "IsTest", set()),
        ({"IsTest": IS_TEST, "IsBig": IS_BIG}, "IsBig", DANGLING),
        ({"IsTest": IS_TEST, "Same": IS_TEST}, "Same", set()),
        ({"IsTest": IS_TEST, "Same": {"Condition": "IsTest"}}, "Same", set()),
        ({"IsTest": IS_TEST, "Not": {"Fn::Not": [{"Condition": "IsTest"}]}}, "Not", DANGLING),
        (
            {
                "IsTest": IS_TEST,
                "Same": {"Fn::Not": [{"Fn::Not": [{"Condition": "IsTest"}]}]},
            },
            "Same",
            set(),
        ),
        (
            {"IsTest": {"Fn::And": [IS_TEST, IS_BIG]}, "Either": {"Fn::Or": [IS_TEST, IS_BIG]}},
            "Either",
            {("Channel", f"{ENCODER}.VideoDescriptions[5].Name")},
        ),
        ({}, "IsTest", set()),
    ],
)
def test_a_condition_has_one_value_everywhere(
    conditions: Document, last: str, expected: set[tuple[str, str]]
) -> None:
    """Parts that depend on the same condition are present or absent together."""
    found = media_findings(small_or_whole(conditions, last))
    assert {(finding.resource, finding.path) for finding in found} == expected


def test_a_resource_may_have_a_condition() -> None:
    """Without the packager's channel, the endpoint's names are dangling."""
    template = {**example_stream(), "Conditions": {"IsTest": IS_TEST}}
    for name in ("Endpoint", "OnlyDelivery"):
        template["Resources"][name]["Condition"] = "IsTest"
    assert media_findings(template) == ()


def test_too_many_conditions_are_rejected() -> None:
    template = example_stream()
    videos = template["Resources"]["Channel"]["Properties"]["EncoderSettings"]["VideoDescriptions"]
    for number in range(7):
        videos[0]["Sharpness"] = {"Fn::If": [f"C{number}", videos[0]["Sharpness"], 1]}
    (finding,) = media_findings(template)
    assert (finding.resource, finding.path) == ("", "Conditions")
    assert "7 independent conditions" in finding.message


def test_a_template_without_media_is_fine() -> None:
    assert media_findings({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}) == ()


def equal(value: str) -> Document:
    return {"Fn::Equals": [{"Ref": "Output"}, value]}


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (["hls", "dash"], {"hls", "dash"}),
        (["hls", "dash", "neither"], {"hls", "dash", "nothing"}),
        (["hls"], {"hls"}),
        (None, {"hls", "dash", "nothing"}),
    ],
)
def test_a_parameter_has_one_value_at_a_time(allowed: list[str] | None, expected: set[str]) -> None:
    """Conditions that cannot hold together are not checked together."""
    chosen = {"Fn::If": ["IsDash", "dash", "nothing"]}
    template = {
        "Parameters": {"Output": {"Type": "String", "AllowedValues": allowed} if allowed else {}},
        "Conditions": {"IsHls": equal("hls"), "IsDash": equal("dash"), "Both": BOTH},
        "Resources": {
            "One": {
                "Type": "T",
                "Properties": {
                    "Name": {"Fn::If": ["Both", "both", {"Fn::If": ["IsHls", "hls", chosen]}]}
                },
            }
        },
    }
    found = {one.properties.at("Name").text for (one,) in branches(template, {"T"})}
    assert found == expected
