"""Linter findings."""

from dataclasses import dataclass

from protected_stream.lint.rules import CfnLintRule, Rule


@dataclass(frozen=True)
class Finding:
    """Something wrong in the template, and where it is."""

    rule: Rule | CfnLintRule
    resource: str
    """Logical ID; empty when the finding is not about a resource."""
    path: str
    """The property, such as "EncoderSettings.VideoDescriptions[2].Name"."""
    message: str
    """A sentence that says what is wrong."""
    waived: str = ""
    """Why it does not count; empty if it does."""
