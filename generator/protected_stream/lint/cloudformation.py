"""cfn-lint checks of the CloudFormation template."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from cfnlint.config import ConfigMixIn, ManualArgs
from cfnlint.decode.decode import decode_str
from cfnlint.helpers import REGIONS
from cfnlint.match import Match
from cfnlint.rules._rules import Rules
from cfnlint.runner import Runner, run_template_by_data
from cfnlint.version import __version__ as version

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import CfnLintRule, Rule
from protected_stream.template.regions import ANY, offering

EVERY_RULE = Path(__file__).with_name("cfnlintrc.yaml")
# A template for any Region is checked in these: three generations of Regions
REPRESENTATIVE_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
BEST_KNOWN = REPRESENTATIVE_REGIONS[0]
NO_SUCH_TYPE = "E3006"
LONGEST_REASON = 200  # characters of an error of cfn-lint
# Resource types that cfn-lint does not know in every Region of their services, and the services'
# names in the SDK, which does. With cfn-lint 1.58.0: AWS::MediaLive::Input in 10 of 20 Regions
SERVICES = {"AWS::MediaLive::": "medialive", "AWS::MediaPackageV2::": "mediapackagev2"}


def cloudformation_findings(text: str, region: str) -> tuple[Finding, ...]:
    """cfn-lint's findings, including those of informational and experimental rules.

    Args:
        text: the template, as JSON.
        region: its Region, or "any".
    """
    try:
        return tuple(_findings(text, region))
    except Exception as error:  # noqa: BLE001 - cfn-lint documents no errors, and raises any
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_REASON]
        message = (
            f"cfn-lint {version} stopped with {reason}; the template is written, but not checked "
            "by it."
        )
        return (Finding(Rule.CFN_LINT_STOPPED, "", "", message),)


def _findings(text: str, region: str) -> Iterator[Finding]:
    if region == ANY:
        yield from _matches(text, REPRESENTATIVE_REGIONS)
    elif region in REGIONS:
        yield from _in_a_known_region(text, region)
    else:
        yield Finding(
            Rule.REGION_UNKNOWN_TO_CFN_LINT,
            "",
            "",
            Rule.REGION_UNKNOWN_TO_CFN_LINT.meaning,
            waived=f"cfn-lint {version} does not know {region}: checked for {BEST_KNOWN} instead",
        )
        yield from _matches(text, (BEST_KNOWN,))


def _in_a_known_region(text: str, region: str) -> Iterator[Finding]:
    """The findings; a type that cfn-lint misses in the Region is checked as in another one."""
    found = _matches(text, (region,))
    missed = [finding for finding in found if _is_missed(finding, text, region)]
    for finding in found:
        if finding in missed:
            yield replace(
                finding,
                waived=f"cfn-lint {version} does not know {_type(finding, text)} in {region}, but "
                f"the AWS SDK knows its service there: checked for {BEST_KNOWN} instead",
            )
        else:
            yield finding
    if missed:
        resources = {finding.resource for finding in missed}
        elsewhere = _matches(text, (BEST_KNOWN,))
        yield from (finding for finding in elsewhere if finding.resource in resources)


def _is_missed(finding: Finding, text: str, region: str) -> bool:
    """Whether it says that a type does not exist in a Region that has the type's service."""
    if finding.rule.id != NO_SUCH_TYPE:
        return False
    type_ = _type(finding, text)
    services = tuple(service for prefix, service in SERVICES.items() if type_.startswith(prefix))
    return bool(services) and region in offering(services)


def _type(finding: Finding, text: str) -> str:
    return str(json.loads(text)["Resources"][finding.resource]["Type"])


def _matches(text: str, regions: Sequence[str]) -> list[Finding]:
    findings = []
    for match in _lint(text, _config(regions)):
        resource, path = _place([str(part) for part in getattr(match, "path", None) or ()])
        findings.append(Finding(CfnLintRule(match.rule.id), resource, path, match.message))
    return findings


def _lint(text: str, config: ConfigMixIn) -> list[Match]:
    """What cfnlint.api.lint does, but loads the rules and their schemas only once."""
    template, mistakes = decode_str(text)
    if mistakes or template is None:
        return mistakes
    return list(run_template_by_data(template, config, _rules()))


@cache
def _rules() -> Rules:
    """All rules; loading them takes a third of the time of a check."""
    return Runner(_config([BEST_KNOWN])).rules


def _config(regions: Sequence[str]) -> ConfigMixIn:
    arguments = ManualArgs(regions=list(regions), config_file=str(EVERY_RULE))  # type: ignore[typeddict-unknown-key] # supported, but not declared
    return ConfigMixIn(**arguments)


def _place(path: list[str]) -> tuple[str, str]:
    """The logical ID and the path of the property in it, from cfn-lint's path."""
    if path[:1] == ["Resources"] and len(path) > 1:
        inner = path[3:] if path[2:3] == ["Properties"] else path[2:]
        return path[1], ".".join(inner)
    return "", ".".join(path)
