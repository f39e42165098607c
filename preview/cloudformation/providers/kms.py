"""KMS signing keys, in moto; IAM policies control access, as with the default key policy."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import NotSupported, Rejected
from preview.resource import Resource

KNOWN = {"Description", "KeySpec", "KeyUsage", "PendingWindowInDays", "Tags"}
SPECS = ("ECC_NIST_P256", "RSA_2048")
USAGE = "SIGN_VERIFY"
LONGEST_WINDOW = 30  # days; also the default


def _check(key: Resource) -> None:
    """Checks the properties: without KeySpec and KeyUsage, the key would be for encryption."""
    if unknown := sorted(key.properties.keys() - KNOWN):
        raise NotSupported(
            f"{key.logical_id}: the preview does not support {', '.join(unknown)} of a key."
        )
    spec, usage = key.properties.get("KeySpec"), key.properties.get("KeyUsage")
    if spec not in SPECS or usage != USAGE:
        raise NotSupported(
            f"{key.logical_id}: the preview supports only {' and '.join(SPECS)} keys for {USAGE},"
            f" not {spec} for {usage}."
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
    """Updates the description; CloudFormation does not find a key that is pending deletion.

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
