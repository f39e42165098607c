"""Promises to the operator: the key rotates, and CloudFront trusts the one that signs."""

from datetime import datetime

from protected_stream.verify.answers import Broken, NotTried
from protected_stream.verify.forged_cookies import KEY
from protected_stream.verify.visit import Visit


def rotation_is_due(visit: Visit) -> None:
    """Secrets Manager will rotate the key, and is not late.

    Source: AWS Secrets Manager API Reference, DescribeSecret.
    """
    if not visit.facts.has_rotation:
        raise NotTried("the key of this stream is not rotated by Secrets Manager")
    client = visit.operator("secretsmanager")
    secret = client.describe_secret(SecretId=visit.outputs["SigningSecretArn"])
    if not secret.get("RotationEnabled"):
        raise Broken("the rotation is turned off")
    due = secret.get("NextRotationDate")
    if not isinstance(due, datetime):
        raise Broken("no rotation is due")
    if due.timestamp() < visit.now():
        raise Broken(f"the rotation was due on {due:%Y-%m-%d}")


def signing_key_is_trusted(visit: Visit) -> None:
    """The key group has the key that the function signs with.

    Source: Amazon CloudFront API Reference, GetKeyGroup.
    """
    if not visit.facts.has_key_group:
        raise NotTried("CloudFront trusts the key pairs of an account, not a key group")
    signed_with = visit.signed_in.cookies[KEY]
    client = visit.operator("cloudfront")
    group = client.get_key_group(Id=visit.outputs["KeyGroupId"])["KeyGroup"]
    trusted = group["KeyGroupConfig"]["Items"]
    if signed_with not in trusted:
        raise Broken(f"cookies are signed with {signed_with}; trusted: {', '.join(trusted)}")
