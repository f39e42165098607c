"""Linter options in the stream file: which rules are ignored, and why."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from protected_stream.lint.rules import RULES
from protected_stream.template.options import Options

OF_CFN_LINT = r"[EWI][0-9]{4}"
"""cfn-lint's rule IDs: errors, warnings and informational rules."""


def _known(rule_id: str) -> str:
    if rule_id not in RULES and not re.fullmatch(OF_CFN_LINT, rule_id):
        raise ValueError(
            "is not a rule ID; docs/lint.md lists those that begin with PS, and cfn-lint's look "
            "like W3005"
        )
    return rule_id


def _said(reason: str) -> str:
    in_one_line = " ".join(reason.split())
    if not in_one_line:
        raise ValueError("must say why the rule is ignored")
    return in_one_line


RuleId = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema(
        {"type": "string", "anyOf": [{"enum": [*RULES]}, {"pattern": f"^{OF_CFN_LINT}$"}]}
    ),
]
Reason = Annotated[str, AfterValidator(_said), WithJsonSchema({"type": "string", "minLength": 1})]


class LintOptions(Options):
    """Which linter rules are ignored; docs/lint.md lists the rules."""

    ignore: dict[RuleId, Reason] = Field(
        default_factory=dict, description="rule IDs, each with the reason for ignoring it"
    )
    waivers: bool = Field(
        default=False,
        exclude_if=lambda given: not given,
        description="write into the resources' metadata which of checkov's rules they break, and "
        "why (docs/security-controls.md)",
    )
