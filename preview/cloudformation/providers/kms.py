"""Keys of KMS that sign, in moto; who may use them is left to IAM, as KMS's default policy does."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import NotSupported, Rejected
from preview.resource import Resource

KNOWN = {"Description", "KeySpec", "KeyUsage", "PendingWindowInDays", "Tags"}
SPECS = ("ECC_NIST_P256", "RSA_2048")
USAGE = "SIGN_VERIFY"
LONGEST_WINDOW = 30  # days, which is what a key has that says nothing


def _check(key: Resource) -> None:
    """Without KeySpec and KeyUsage, a key would encrypt."""
    if unknown := sorted(key.properties.keys() - KNOWN):
        raise NotSupported(
            f"{key.logical_id}: {', '.join(unknown)} of a key: not known to the preview."
        )
    spec, usage = key.properties.get("KeySpec"), key.properties.get("KeyUsage")
    if spec not in SPECS or usage != USAGE:
        raise NotSupported(
            f"{key.logical_id}: only keys of {' and '.join(SPECS)} for {USAGE} are known to the"
            f" preview, not {spec} for {usage}."
        )


def _create(account: Account, key: Resource) -> None:
    _check(key)
    with rejections_of(key):
        made = account.client("kms").create_key(
            Description=key.properties.get("Description", ""),
            KeySpec=key.properties["KeySpec"],
            KeyUsage=key.properties["KeyUsage"],
        )["KeyMetadata"]
    key.ref = made["KeyId"]
    key.attributes = {"Arn": made["Arn"], "KeyId": made["KeyId"]}


def _update(account: Account, _: Resource, new: Resource) -> None:
    """A key whose deletion somebody has scheduled is gone to CloudFormation.

    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms
    """
    _check(new)
    if _is_pending(account, new):
        raise Rejected(f"{new.logical_id}: NotFound, {new.ref} is pending deletion.")
    with rejections_of(new):
        account.client("kms").update_key_description(
            KeyId=new.ref, Description=new.properties.get("Description", "")
        )


def _delete(account: Account, key: Resource) -> None:
    """A key is never gone at once; one whose deletion is scheduled already is left at that.

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
