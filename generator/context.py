"""Why each resource is there, said in the template itself."""

from collections.abc import Sequence
from typing import Any

CONTEXT = "com.aws.cloudformation.Context"


def why(reason: str, must: Sequence[str] = ()) -> dict[str, Any]:
    """Metadata that gives the reason for a resource, and what must stay true of it.

    Source: AWS CloudFormation Template Reference, Metadata attribute, context schema.
    """
    return {CONTEXT: {"why": reason, **({"must": list(must)} if must else {})}}


def architecture(summary: str, must: Sequence[str] = ()) -> dict[str, Any]:
    """Metadata that tells how the template's resources work together.

    Source: AWS CloudFormation Template Reference, Metadata attribute, context schema.
    """
    return {CONTEXT: {"arch": summary, **({"must": list(must)} if must else {})}}
