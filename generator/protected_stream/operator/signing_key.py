"""Signing key of a deployed stack: who has it, how old it is, and when it rotates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from protected_stream.operator.aws_errors import explained
from protected_stream.operator.deployed_stack import DeployedStack


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """What can be said of the key without reading it."""

    mode: str
    """As in `signing.mode` of the stream file."""
    changed: datetime | None = None
    """When it was created or rotated last; None for KMS, which keeps no date of the signing."""
    next_rotation: datetime | None = None
    rotation_is_pending: bool = False
    """A rotation has begun and not ended."""


def mode_of(stack: DeployedStack) -> str:
    """The `signing.mode` of the deployed template, from its outputs.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    outputs = stack.template["Outputs"]
    if "SigningKeyArn" in outputs:
        return "kms"
    # a former mode's secret may rotate, too
    if outputs["SigningSecretArn"]["Value"] in _rotating(stack):
        return "managed"
    return "supplied" if "KeyGroupId" in outputs else "trusted-signer"


def _rotating(stack: DeployedStack) -> list[Mapping[str, str]]:
    """References to the secrets that the template rotates."""
    return [
        resource["Properties"]["SecretId"]
        for resource in stack.template["Resources"].values()
        if resource["Type"] == "AWS::SecretsManager::RotationSchedule"
    ]


def signing_key(stack: DeployedStack) -> SigningKey:
    """What can be said of the stack's key.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    mode, secret = mode_of(stack), stack.outputs.get("SigningSecretArn")
    if mode == "kms" or not secret:
        return SigningKey(mode=mode)
    described = described_secret(stack, secret)
    dates = [described.get(name) for name in ("CreatedDate", "LastRotatedDate")]
    if mode != "managed":
        dates.append(described.get("LastChangedDate"))
    return SigningKey(
        mode=mode,
        changed=max((date for date in dates if date), default=None),
        next_rotation=described.get("NextRotationDate"),
        rotation_is_pending=pending_version(described) is not None,
    )


def described_secret(stack: DeployedStack, secret: str) -> Mapping[str, Any]:
    """Secrets Manager's description of the secret, without its value.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    with explained("describe the secret of the signing key"):
        client = stack.connection.client("secretsmanager")
        described: Mapping[str, Any] = client.describe_secret(SecretId=secret)
    return described


def pending_version(described: Mapping[str, Any]) -> str | None:
    """The version of a rotation that has not ended; None if there is none."""
    for version, stages in described.get("VersionIdsToStages", {}).items():
        if "AWSPENDING" in stages and "AWSCURRENT" not in stages:
            return str(version)
    return None
