"""Changing the signing key of a deployed stack: rotation, revocation, and each mode's steps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError, printable
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock, Report
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.operator.logs import lines, log_groups
from protected_stream.operator.signing_key import described_secret, pending_version

REVOKE = {"Act": "revoke every key"}
"""The event of the function that revokes; a test compares it with the function's."""
POLL_SECONDS = 5
LONGEST_SECONDS = 1200
"""A rotation takes seconds, or minutes if AWS throttles; its function may run four times."""
INCOMPLETE = "previous rotation isn't complete"
"""Part of Secrets Manager's message if it continues an earlier rotation instead."""

ROTATION: Mapping[str, tuple[str, ...]] = {
    "kms": (
        "The key never leaves KMS, so another one takes two deployments:",
        "1. [signing] generations = [2, 1] (the next number first): a second key is created.",
        "2. Wait {wait} minutes: the second key signs, and the first one's cookies expire.",
        "3. generations = [2]: the first key is no longer trusted, and is deleted.",
    ),
    "supplied": (
        "You keep the key, so another one takes three deployments:",
        "1. Create a key pair (`protected-stream keys new next`), and add its public key to"
        " [signing] public_keys.",
        "2. Wait 15 minutes: every edge location learns of it.",
        "3. Deploy with the new private key as PrivateKeyString.",
        "4. Wait {wait_supplied} minutes: the old key's cookies expire.",
        "5. Remove the old public key from the list.",
    ),
    "trusted-signer": (
        "The account's root user has the key pair, so only that user can change it:",
        "1. Activate a second CloudFront key pair in the console, and wait 15 minutes.",
        "2. Deploy with its private key and ID, and no other change.",
        "3. Wait {wait_supplied} minutes, and deactivate the first key pair.",
    ),
}
"""How another key is made, by mode, as in docs/keys.md."""
REVOCATION: Mapping[str, tuple[str, ...]] = {
    "kms": (
        "The key never leaves KMS, but anybody with kms:Sign may have signed with it:",
        "1. Take that permission away.",
        "2. Deploy [signing] generations = [N] with the next number alone. Viewers get 403 for some"
        " minutes.",
    ),
    "supplied": (
        "You keep the key, so one deployment revokes it: public_keys with only a new public key,"
        " and the new private key as PrivateKeyString. Viewers get 403 for some minutes.",
    ),
    "trusted-signer": (
        "The account's root user deactivates the key pair in the console. Nobody can watch until"
        " another one is active and deployed.",
    ),
}
"""What to do if somebody else may have the key, by mode, as in docs/keys.md."""


@dataclass(frozen=True, kw_only=True)
class KeyFunction:
    """The function that makes keys."""

    logical_id: str
    name: str
    """What Lambda calls it."""
    longest_run: int
    """Its timeout in seconds."""
    grace: int
    """Seconds that edge locations have to learn of a new key."""


def steps(stack: DeployedStack, table: Mapping[str, tuple[str, ...]], mode: str) -> list[str]:
    """The steps of the mode, with the waits of this stack."""
    signer = next(
        (one for one in _variables(stack).values() if "COOKIE_SECONDS" in one), dict[str, Any]()
    )
    grace, cookie, step = (
        int(signer.get(name, default)) // 60
        for name, default in (
            ("GRACE_SECONDS", 900),
            ("COOKIE_SECONDS", 3600),
            ("STEP_SECONDS", 300),
        )
    )
    waits = {"wait": grace + cookie + step, "wait_supplied": 60 + cookie + step}
    return [line.format(**waits) for line in table[mode]]


def _variables(stack: DeployedStack) -> dict[str, Mapping[str, Any]]:
    """The environment of each function, by logical ID."""
    return {
        name: resource["Properties"].get("Environment", {}).get("Variables", {})
        for name, resource in stack.template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }


def key_function(stack: DeployedStack) -> KeyFunction:
    """The function that rotates the secret of a stack with `signing.mode = "managed"`.

    Raises:
        AwsError: it was not created, AWS refuses, or cannot be reached.
    """
    resources = stack.template["Resources"]
    (logical_id,) = {
        one["Properties"]["RotationLambdaARN"]["Fn::GetAtt"][0]
        for one in resources.values()
        if one["Type"] == "AWS::SecretsManager::RotationSchedule"
    }
    if not stack.physical_ids.get(logical_id) or "SigningSecretArn" not in stack.outputs:
        raise AwsError(
            f"The stack {stack.name} ({stack.status}) has no signing key: its creation did not get"
            " that far."
        )
    return KeyFunction(
        logical_id=logical_id,
        name=stack.physical_ids[logical_id],
        longest_run=resources[logical_id]["Properties"]["Timeout"],
        grace=int(_variables(stack)[logical_id]["GRACE_SECONDS"]),
    )


def rotate(stack: DeployedStack, clock: Clock, report: Report) -> None:
    """Has Secrets Manager rotate the key, and returns once the new one is stored.

    Raises:
        AwsError: the rotation failed, AWS refuses, or cannot be reached.
    """
    begin, secret = clock.now(), stack.outputs["SigningSecretArn"]
    client = stack.connection.client("secretsmanager")
    with explained("rotate the signing key"):
        try:
            version = client.rotate_secret(SecretId=secret)["VersionId"]
        except ClientError as error:
            if INCOMPLETE not in error.response["Error"]["Message"]:
                raise
            report("an earlier rotation has not ended: Secrets Manager continues it")
            version = pending_version(described_secret(stack, secret))
    while version:
        described = described_secret(stack, secret)
        stages = described.get("VersionIdsToStages", {}).get(version, [])
        if "AWSCURRENT" in stages:
            return
        if "AWSPENDING" not in stages:
            break
        if clock.now() - begin > LONGEST_SECONDS:
            raise AwsError(
                f"The rotation has not ended after {LONGEST_SECONDS // 60} minutes."
                f"{_reason(stack, begin)} Secrets Manager may still continue it;"
                " `protected-stream rotate` does, too."
            )
        report("a new key is created, and CloudFront's key group trusts it in addition")
        clock.sleep(POLL_SECONDS)
    raise AwsError(
        f"The key was not rotated; the one that signs goes on signing.{_reason(stack, begin)}"
    )


def _reason(stack: DeployedStack, begin: float) -> str:
    """What the function has logged since then about why it has failed; empty if nothing is."""
    groups = log_groups(stack)
    name = key_function(stack).logical_id
    for line in reversed(lines(stack.connection, {name: groups[name]}, begin)):
        start = line.text.find("{")
        try:
            record = json.loads(line.text[start:])
            if record["event"] == "not done":
                return f" {printable(record['reason'])}"
        except (ValueError, LookupError, TypeError):
            continue
    return ""


def revoke(stack: DeployedStack) -> str:
    """Has the function make a new key that signs at once, and trust no other; returns what it says.

    Raises:
        AwsError: it failed, AWS refuses, or cannot be reached.
    """
    function = key_function(stack)
    client = stack.connection.client("lambda", answers_within=function.longest_run + 30)
    with explained("invoke the function that revokes the signing keys"):
        answer = client.invoke(FunctionName=function.name, Payload=json.dumps(REVOKE).encode())
        said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        reason = said.get("errorMessage", "the function failed") if isinstance(said, dict) else said
        raise AwsError(
            f"The keys may not all be revoked: {printable(str(reason)).rstrip('.')}. Run this"
            " command again."
        )
    return printable(str(said))
