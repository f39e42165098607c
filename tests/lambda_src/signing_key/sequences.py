"""The three requests, and the calls that their successful runs make."""

from collections.abc import Mapping

from tests.lambda_src.signing_key.cloudformation import Event, Stack

SETTLING = (
    "secretsmanager:GetSecretValue",
    "cloudfront:GetKeyGroup",
    "secretsmanager:GetSecretValue",
)
"""What must the group trust, and does it?"""

CREATE_CALLS = (
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "cloudfront:ListPublicKeys",
    "cloudfront:CreatePublicKey",
    "cloudfront:ListKeyGroups",
    "cloudfront:CreateKeyGroup",
    "secretsmanager:PutSecretValue",
    "cloudfront:GetKeyGroup",
    "secretsmanager:UpdateSecretVersionStage",
    "secretsmanager:UpdateSecretVersionStage",
    *SETTLING,
)
LOOK_CALLS = (
    "secretsmanager:GetSecretValue",
    "cloudfront:ListPublicKeys",
    "cloudfront:GetKeyGroup",
    *SETTLING,
)
HEAL_CALLS = (*LOOK_CALLS, "cloudfront:UpdateKeyGroup", *SETTLING)
DELETE_CALLS = (
    "secretsmanager:GetSecretValue",
    "secretsmanager:GetSecretValue",
    "cloudfront:GetKeyGroup",
    "cloudfront:DeleteKeyGroup",
    "cloudfront:ListKeyGroups",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
    "cloudfront:GetPublicKey",
    "cloudfront:DeletePublicKey",
    "cloudfront:ListPublicKeys",
)

LONGEST_WAY = 16
"""How many calls a Create makes if a concurrent run is faster and lists lag (test_create.py)."""

CALLS: Mapping[str, tuple[str, ...]] = {
    "Create": CREATE_CALLS,
    "Update": HEAL_CALLS,
    "Delete": DELETE_CALLS,
}


def prepared(stack: Stack, request_type: str) -> Event:
    """Prepare the stack for a request and start counting calls; return the event.

    The Update finds a group without the key.
    """
    if request_type == "Create":
        return stack.event("Create")
    group_id = stack.create()
    if request_type == "Update":
        stack.account.group(stack.name).items = []
    stack.account.record()
    return stack.event(request_type, group_id)
