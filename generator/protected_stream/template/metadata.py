"""CloudFormation Metadata: the reason for each resource, and the architecture."""

from collections.abc import Mapping, Sequence
from typing import Any

from troposphere import AWSObject, Output

CONTEXT = "com.aws.cloudformation.Context"


def why(reason: str, must: Sequence[str] = ()) -> dict[str, Any]:
    """Metadata with the reason for a resource, and what must stay true of it.

    Source: AWS CloudFormation Template Reference, Metadata attribute, context schema.
    """
    return {CONTEXT: {"why": reason, **({"must": list(must)} if must else {})}}


def architecture(summary: str, must: Sequence[str] = ()) -> dict[str, Any]:
    """Metadata that explains how the template's resources work together.

    Source: AWS CloudFormation Template Reference, Metadata attribute, context schema.
    """
    return {CONTEXT: {"arch": summary, **({"must": list(must)} if must else {})}}


def without_why(resource: AWSObject) -> AWSObject:
    """The resource without its reason, but with what must stay true of it."""
    metadata = getattr(resource, "Metadata", {})
    if CONTEXT not in metadata or "must" in metadata[CONTEXT]:
        return resource
    left = {name: value for name, value in metadata.items() if name != CONTEXT}
    if left:
        resource.Metadata = left
    else:
        del resource.resource["Metadata"]
    return resource


def without_description(output: Output) -> Output:
    """The output without the description, which its name repeats."""
    output.properties.pop("Description", None)
    return output


def without_checks(rules: Sequence[str]) -> dict[str, Any]:
    """Metadata that makes cfn-lint ignore these rules; empty if there are none."""
    return {"cfn-lint": {"config": {"ignore_checks": list(rules)}}} if rules else {}


def with_waivers(resource: AWSObject, reasons: Mapping[str, str]) -> None:
    """Makes checkov skip these rules for the resource, and adds the reason for each.

    Source: checkov's documentation, "Suppressing and Skipping Policies", CloudFormation metadata.
    """
    if reasons:
        skip = [{"id": rule, "comment": reason} for rule, reason in reasons.items()]
        resource.Metadata = {**getattr(resource, "Metadata", {}), "checkov": {"skip": skip}}
