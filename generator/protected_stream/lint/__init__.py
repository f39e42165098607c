"""Linter of the emitted CloudFormation template, run before deployment."""

import json

from protected_stream.lint.finding import Finding

__all__ = ["Finding", "findings"]


def findings(text: str, region: str) -> tuple[Finding, ...]:
    """The findings of every check.

    Args:
        text: the template, as JSON.
        region: the template's Region, or "any".
    """
    # These imports take a second, and the stream file's options import this package without them
    from protected_stream.lint.cloudformation import cloudformation_findings  # noqa: PLC0415
    from protected_stream.lint.delivery import delivery_findings  # noqa: PLC0415
    from protected_stream.lint.media import media_findings  # noqa: PLC0415
    from protected_stream.lint.size import size_findings  # noqa: PLC0415

    template = json.loads(text)
    return (
        *cloudformation_findings(text, region),
        *media_findings(template),
        *delivery_findings(template),
        *size_findings(text),
    )
