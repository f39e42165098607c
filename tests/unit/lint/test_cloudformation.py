"""cfn-lint in the Regions of MediaLive, and its own errors."""

import json
from typing import Any

import pytest

from protected_stream.lint.cloudformation import cloudformation_findings
from protected_stream.lint.rules import Rule
from protected_stream.template.regions import SERVICES, offering

PROPERTIES: dict[str, dict[str, Any]] = {
    "AWS::MediaLive::InputSecurityGroup": {"WhitelistRules": [{"Cidr": "203.0.113.0/24"}]},
    "AWS::MediaLive::Input": {"Name": "a", "Type": "RTMP_PUSH"},
    "AWS::MediaLive::Channel": {"Name": "a", "ChannelClass": "STANDARD"},
    "AWS::MediaPackageV2::ChannelGroup": {"ChannelGroupName": "a"},
}
TEMPLATE = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        type_.rpartition("::")[2]: {"Type": type_, "Properties": properties}
        for type_, properties in PROPERTIES.items()
    },
}
MISTAKE = ("E3012", "Input", "Name")
WITHOUT_THE_CHANNEL = {
    *("ap-northeast-3", "ap-south-2", "ap-southeast-4", "ap-southeast-5"),
    *("ca-central-1", "me-central-1"),
}
MISSED_BY_CFN_LINT = {
    "Channel": WITHOUT_THE_CHANNEL,
    "InputSecurityGroup": WITHOUT_THE_CHANNEL,
    "Input": WITHOUT_THE_CHANNEL | {"eu-north-1", "eu-west-2", "eu-west-3", "us-east-2"},
}


def found(region: str, *, mistaken: bool = False) -> dict[tuple[str, str, str], str]:
    """Why each finding does not count, or an empty string if it does."""
    template = json.loads(json.dumps(TEMPLATE))
    if mistaken:
        template["Resources"]["Input"]["Properties"]["Name"] = ["a"]
    return {
        (one.rule.id, one.resource, one.path): one.waived
        for one in cloudformation_findings(json.dumps(template), region)
        if one.rule.id.startswith(("E", "PS"))
    }


@pytest.mark.parametrize("region", sorted(offering(SERVICES)))
def test_the_media_types_pass_in_every_region_that_has_their_services(region: str) -> None:
    missed = {name for name, regions in MISSED_BY_CFN_LINT.items() if region in regions}
    waived = found(region)
    assert waived.keys() == {("E3006", name, "Type") for name in missed}
    for (_, name, _), why in waived.items():
        assert why == (
            f"cfn-lint 1.58.0 does not know AWS::MediaLive::{name} in {region}, but the AWS SDK "
            "knows its service there: checked for us-east-1 instead"
        )


@pytest.mark.parametrize("region", ["us-east-1", "us-east-2", "ca-central-1", "any"])
def test_a_mistake_is_found_where_cfn_lint_misses_the_type(region: str) -> None:
    assert found(region, mistaken=True)[MISTAKE] == ""


def test_a_type_of_a_service_that_is_not_in_the_region_counts() -> None:
    assert found("af-south-1")["E3006", "Channel", "Type"] == ""


def test_a_region_that_is_newer_than_cfn_lint_is_checked_as_another_one() -> None:
    waived = found("eu-west-9", mistaken=True)
    assert waived == {
        ("PS2302", "", ""): "cfn-lint 1.58.0 does not know eu-west-9: checked for us-east-1 "
        "instead",
        MISTAKE: "",
    }


def test_an_error_of_cfn_lint_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object, **__: object) -> None:
        raise KeyError("us-weast-1\nand more")

    monkeypatch.setattr("protected_stream.lint.cloudformation.run_template_by_data", stops)
    (finding,) = cloudformation_findings(json.dumps(TEMPLATE), "us-east-1")
    assert finding.rule is Rule.CFN_LINT_STOPPED
    assert finding.waived == ""
    assert finding.message == (
        "cfn-lint 1.58.0 stopped with KeyError: 'us-weast-1\\nand more'; the template is written, "
        "but not checked by it."
    )
