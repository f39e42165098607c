"""Use of customer managed KMS keys by AWS services, as the key policies allow it.

Nothing is encrypted here: the preview only asks whether AWS could.
"""

from dataclasses import replace

from preview.errors import Rejected
from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.policies import Access, granted_by

KEY = "AWS::KMS::Key"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
FOR_LOGS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptTo",
)


def bucket_key(resources: Resources, bucket: Resource) -> Resource | None:
    """The key that encrypts a bucket; None if it is a key of S3's own."""
    encryption = bucket.properties.get("BucketEncryption", {})
    for rule in encryption.get("ServerSideEncryptionConfiguration", ()):
        arn = rule.get("ServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
        if arn:
            return resources.one(KEY, arn, "Arn")
    return None


def may_use(key: Resource, asking: Access) -> bool:
    """Whether the key's policy lets a service use it as itself; KMS's default policy does not.

    The request's resource is the key, whatever it says.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    policy = key.properties.get("KeyPolicy")
    access = replace(asking, resource=key.attributes["Arn"])
    return policy is not None and granted_by(policy, access)


def check_log_group(resources: Resources, group: Resource, arn: str, region: str) -> None:
    """CloudWatch Logs refuses a key that it may not use for this log group.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html

    Raises:
        Rejected: there is no such key, or its policy does not let CloudWatch Logs use it.
    """
    if "KmsKeyId" not in group.properties:
        return
    key = resources.one(KEY, group.properties["KmsKeyId"], "Arn")
    context = {"kms:EncryptionContext:aws:logs:arn": arn}
    asking = Access(action="", resource="", service=f"logs.{region}.amazonaws.com", context=context)
    if not all(may_use(key, replace(asking, action=action)) for action in FOR_LOGS):
        raise Rejected(
            f"{group.logical_id}: the specified KMS key does not exist or is not allowed to be "
            f"used with {arn}."
        )
