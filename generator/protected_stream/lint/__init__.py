"""Checks of an emitted template, before anybody deploys it."""

import json

from protected_stream.lint.finding import Finding

__all__ = ["Finding", "findings"]


def findings(text: str, region: str) -> tuple[Finding, ...]:
    """Everything that the checks say of the template.

    Args:
        text: the template, as JSON.
        region: the Region that it is made for, or "any".
    """
    # A second's import: the options of the stream file, which come from here too, do without
    from protected_stream.lint.cloudformation import (  # noqa: PLC0415
        REPRESENTATIVE_REGIONS,
        cloudformation_findings,
    )
    from protected_stream.lint.media import media_findings  # noqa: PLC0415
    from protected_stream.lint.size import size_findings  # noqa: PLC0415

    regions = REPRESENTATIVE_REGIONS if region == "any" else (region,)
    return (
        *cloudformation_findings(text, regions),
        *media_findings(json.loads(text)),
        *size_findings(text),
    )
