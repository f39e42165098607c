"""Secrets Manager secrets, CloudWatch log groups, and S3 buckets, in moto."""

import contextlib
from collections.abc import Iterator

from botocore.exceptions import ClientError, ParamValidationError

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.conditions import listed
from preview.services.aws.key_use import check_log_group
from preview.services.aws.policies import check_resource_policy
from preview.services.aws.sdk_error import meaning

# Encryption with a key counts when CloudFront reads; nobody listens to events
OF_A_BUCKET = {
    "BucketName",
    "BucketEncryption",
    "LifecycleConfiguration",
    "NotificationConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "Tags",
    "VersioningConfiguration",
}
EVENTS = {"EventBridgeConfiguration"}


@contextlib.contextmanager
def rejections_of(resource: Resource) -> Iterator[None]:
    """Converts AWS errors to rejections that name the resource.

    Also boto3's validation errors, which quote the value that AWS would not accept.
    """
    try:
        yield
    except (ClientError, ParamValidationError) as error:
        raise Rejected(f"{resource.logical_id} ({resource.type}): {meaning(error)}") from None


def _secret_value(account: Account, secret: Resource) -> str | None:
    """The value that the template gives or asks for; None if it does neither.

    Raises:
        NotSupported: it asks for a random value inside JSON.
    """
    asked = secret.properties.get("GenerateSecretString")
    if asked is None:
        return secret.properties.get("SecretString")
    if "SecretStringTemplate" in asked:
        raise NotSupported(
            f"{secret.logical_id}: the preview does not support SecretStringTemplate."
        )
    answer = account.client("secretsmanager").get_random_password(**asked)
    return str(answer["RandomPassword"])


def _check_secret(secret: Resource) -> None:
    if "KmsKeyId" in secret.properties:
        raise NotSupported(f"{secret.logical_id}: the preview does not support KmsKeyId.")


def _create_secret(account: Account, resource: Resource) -> None:
    _check_secret(resource)
    with rejections_of(resource):
        value = _secret_value(account, resource)
        answer = account.client("secretsmanager").create_secret(
            Name=resource.properties.get("Name", f"{resource.logical_id}-{account.stack.name}"),
            **({"SecretString": value} if value is not None else {}),
        )
    resource.ref = answer["ARN"]
    resource.attributes = {"Id": answer["ARN"]}


def _update_secret(account: Account, old: Resource, new: Resource) -> None:
    """Gives it a new value only if what the template gives or asks for has changed.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    """
    _check_secret(new)
    names = ("SecretString", "GenerateSecretString")
    if all(old.properties.get(name) == new.properties.get(name) for name in names):
        return
    with rejections_of(new):
        value = _secret_value(account, new)
        if value is not None:
            account.client("secretsmanager").put_secret_value(SecretId=new.ref, SecretString=value)


def _delete_secret(account: Account, resource: Resource) -> None:
    with rejections_of(resource):
        account.client("secretsmanager").delete_secret(
            SecretId=resource.ref, ForceDeleteWithoutRecovery=True
        )


def _check_log_group(account: Account, group: Resource) -> None:
    arn = group.attributes["Arn"].removesuffix(":*")
    check_log_group(account.resources, group, arn, account.stack.region)


def _create_log_group(account: Account, resource: Resource) -> None:
    _check_log_group(account, resource)
    with rejections_of(resource):
        account.client("logs").create_log_group(logGroupName=resource.ref)


def _delete_log_group(account: Account, resource: Resource) -> None:
    with rejections_of(resource):
        account.client("logs").delete_log_group(logGroupName=resource.ref)


def _check_bucket(bucket: Resource) -> None:
    unknown = bucket.properties.keys() - OF_A_BUCKET
    unknown |= bucket.properties.get("NotificationConfiguration", {}).keys() - EVENTS
    if unknown:
        raise NotSupported(
            f"{bucket.logical_id}: the preview does not support {', '.join(sorted(unknown))} of a "
            "bucket."
        )


def _create_bucket(account: Account, resource: Resource) -> None:
    _check_bucket(resource)
    with rejections_of(resource):
        account.make_bucket(resource.ref)
    _set_versioning(account, resource)


def _update_bucket(account: Account, _: Resource, new: Resource) -> None:
    _check_bucket(new)
    _set_versioning(account, new)


def _set_versioning(account: Account, bucket: Resource) -> None:
    """A bucket that has kept versions never forgets them; it can only keep no more.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
    """
    client = account.client("s3")
    asked = bucket.properties.get("VersioningConfiguration", {}).get("Status")
    has = client.get_bucket_versioning(Bucket=bucket.ref).get("Status")
    if asked or has:
        with rejections_of(bucket):
            client.put_bucket_versioning(
                Bucket=bucket.ref, VersioningConfiguration={"Status": asked or "Suspended"}
            )


def _delete_bucket(account: Account, resource: Resource) -> None:
    with rejections_of(resource):
        account.client("s3").delete_bucket(Bucket=resource.ref)


def _check_bucket_policy(account: Account, resource: Resource) -> None:
    """S3 rejects a policy for another bucket ("Policy has invalid resource").

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
    """
    bucket = account.resources.one("AWS::S3::Bucket", resource.properties["Bucket"])
    own = bucket.attributes["Arn"]
    policy = resource.properties["PolicyDocument"]
    check_resource_policy(policy)
    for statement in listed(policy["Statement"]):
        for arn in listed(statement["Resource"]):
            if arn != own and not arn.startswith(f"{own}/"):
                raise Rejected(f"{resource.logical_id}: policy has invalid resource {arn}.")


SECRET = Provider(create=_create_secret, update=_update_secret, delete=_delete_secret)
LOG_GROUP = Provider(
    create=_create_log_group,
    update=lambda account, _, new: _check_log_group(account, new),
    delete=_delete_log_group,
)
BUCKET = Provider(create=_create_bucket, update=_update_bucket, delete=_delete_bucket)
BUCKET_POLICY = Provider(
    create=_check_bucket_policy,
    update=lambda account, _, new: _check_bucket_policy(account, new),
)
