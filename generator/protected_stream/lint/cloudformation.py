"""cfn-lint checks of the CloudFormation template."""

from pathlib import Path

from cfnlint.api import lint
from cfnlint.config import ManualArgs

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import CfnLintRule

EVERY_RULE = Path(__file__).with_name("cfnlintrc.yaml")
# A template for any Region is checked in these: three generations of Regions
REPRESENTATIVE_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")


def cloudformation_findings(text: str, regions: tuple[str, ...]) -> tuple[Finding, ...]:
    """cfn-lint's findings, including those of informational and experimental rules.

    Args:
        text: the template, as JSON.
        regions: the Regions that it is for.
    """
    config = ManualArgs(regions=list(regions), config_file=str(EVERY_RULE))  # type: ignore[typeddict-unknown-key] # supported, but not declared
    findings = []
    for match in lint(text, config=config):
        resource, path = _place([str(part) for part in getattr(match, "path", None) or ()])
        findings.append(Finding(CfnLintRule(match.rule.id), resource, path, match.message))
    return tuple(findings)


def _place(path: list[str]) -> tuple[str, str]:
    """The logical ID and the path of the property in it, from cfn-lint's path."""
    if path[:1] == ["Resources"] and len(path) > 1:
        inner = path[3:] if path[2:3] == ["Properties"] else path[2:]
        return path[1], ".".join(inner)
    return "", ".".join(path)
