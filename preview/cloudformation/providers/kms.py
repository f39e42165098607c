"""KMS keys, in moto: for signing, where IAM policies decide, and for services' data."""

from collections.abc import Mapping
from typing import Any

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.conditions import like, listed
from preview.services.aws.policies import check_resource_policy

KNOWN = {"Description", "KeyPolicy", "KeySpec", "KeyUsage", "PendingWindowInDays", "Tags"}
FOR_DATA = KNOWN | {"EnableKeyRotation"}
SPECS = ("ECC_NIST_P256", "RSA_2048")
USAGE = "SIGN_VERIFY"
DATA = ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
"""KeySpec and KeyUsage of a key that has neither."""
LONGEST_WINDOW = 30  # days; also the default


def _use(key: Resource) -> tuple[Any, Any]:
    """KeySpec and KeyUsage."""
    if not {"KeySpec", "KeyUsage"} & key.properties.keys():
        return DATA
    return key.properties.get("KeySpec"), key.properties.get("KeyUsage")


def _check(account: Account, key: Resource) -> None:
    """Checks the properties: without KeySpec and KeyUsage, the key is for encryption."""
    use = _use(key)
    if unknown := sorted(key.properties.keys() - (FOR_DATA if use == DATA else KNOWN)):
        raise NotSupported(
            f"{key.logical_id}: the preview does not support {', '.join(unknown)} of a key."
        )
    spec, usage = use
    if use != DATA and (spec not in SPECS or usage != USAGE):
        raise NotSupported(
            f"{key.logical_id}: the preview supports only {' and '.join(SPECS)} keys for {USAGE},"
            f" not {spec} for {usage}."
        )
    if "KeyPolicy" in key.properties:
        _check_policy(account, key, is_for_data=use == DATA)


def _check_policy(account: Account, key: Resource, *, is_for_data: bool) -> None:
    """KMS refuses a policy by which nobody could change it, unless that is asked for.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    """
    policy = key.properties["KeyPolicy"]
    check_resource_policy(policy)
    root = f"arn:{account.stack.partition}:iam::{account.stack.account_id}:root"
    allowed = [
        action
        for statement in listed(policy["Statement"])
        if statement["Effect"] == "Allow" and "Condition" not in statement
        if root in _accounts(statement["Principal"])
        for action in listed(statement["Action"])
    ]
    if not any(like(action, "kms:PutKeyPolicy") for action in allowed):
        raise Rejected(
            f"{key.logical_id}: the new key policy will not allow you to update the key policy in "
            "the future."
        )
    if not is_for_data and "kms:*" not in allowed:
        raise NotSupported(
            f"{key.logical_id}: the preview supports a policy of a signing key only if it lets IAM "
            "policies decide, as KMS's default one does."
        )


def _accounts(principal: str | Mapping[str, Any]) -> list[Any]:
    return [] if isinstance(principal, str) else listed(principal.get("AWS", []))


def _create(account: Account, key: Resource) -> None:
    _check(account, key)
    spec, usage = _use(key)
    with rejections_of(key):
        made = account.client("kms").create_key(
            Description=key.properties.get("Description", ""),
            KeySpec=spec,
            KeyUsage=usage,
        )["KeyMetadata"]
    key.ref = made["KeyId"]
    key.attributes = {"Arn": made["Arn"], "KeyId": made["KeyId"]}


def _update(account: Account, _: Resource, new: Resource) -> None:
    """Updates the description; CloudFormation does not find a key that is pending deletion.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms
    """
    _check(account, new)
    if _is_pending(account, new):
        raise Rejected(f"{new.logical_id}: NotFound, {new.ref} is pending deletion.")
    with rejections_of(new):
        account.client("kms").update_key_description(
            KeyId=new.ref, Description=new.properties.get("Description", "")
        )


def _delete(account: Account, key: Resource) -> None:
    """Schedules the deletion, unless it is already scheduled; KMS never deletes immediately.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    """
    if _is_pending(account, key):
        return
    with rejections_of(key):
        account.client("kms").schedule_key_deletion(
            KeyId=key.ref,
            PendingWindowInDays=int(key.properties.get("PendingWindowInDays", LONGEST_WINDOW)),
        )


def _is_pending(account: Account, key: Resource) -> bool:
    described = account.client("kms").describe_key(KeyId=key.ref)
    return bool(described["KeyMetadata"]["KeyState"] == "PendingDeletion")


KEY = Provider(create=_create, update=_update, delete=_delete)
