"""KMS public key as PEM for CloudFront: the custom resource Custom::PublicKeyPem.

It returns `Pem`, and `Since`: when the public key was first fetched, in epoch seconds. The key is
trusted moments later, and signs once every CloudFront edge location has it.
"""

import base64
import functools
import textwrap
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from shared.errors import Failure
from shared.inline_custom_resource import Event, call, reply
from shared.log import disable_debug

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# One attempt, because it is retried below: at most 5 s.
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
# IAM and KMS take a while to propagate a new key and its permissions. All attempts and pauses, and
# the response to CloudFormation, fit in the function's 180 s timeout: 8 * 5 + 70 + 47.
_PAUSES = 7


@functools.cache
def kms() -> "KMSClient":
    """The client of this execution environment."""
    disable_debug()
    return boto3.client("kms", config=_KMS)


def pem(der: bytes) -> str:
    """SubjectPublicKeyInfo as PEM (RFC 7468 section 13)."""
    body = textwrap.fill(base64.b64encode(der).decode(), 64)
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


def public_key(key_id: str) -> Any:
    """The public key in DER.

    Raises:
        Failure: KMS does not return it.
    """
    for _ in range(_PAUSES):
        try:
            return _asked(key_id)
        except Failure:
            time.sleep(10)
    return _asked(key_id)


def _asked(key_id: str) -> Any:
    return call("kms:GetPublicKey", kms().get_public_key, KeyId=key_id)["PublicKey"]


def handler(event: Event, context: object) -> None:  # noqa: ARG001 - Lambda passes two
    """Lambda entry point."""
    # the time is in the physical ID, so that an update of the resource does not change it
    physical_id = event.get("PhysicalResourceId") or f"pem-{int(time.time())}"

    def act() -> tuple[str, Mapping[str, str]]:
        if event["RequestType"] == "Delete":
            return "done", {}
        der = public_key(event["ResourceProperties"]["KeyId"])
        return "done", {"Pem": pem(der), "Since": physical_id.rpartition("-")[2]}

    reply(event, act, physical_id=physical_id, sleep=time.sleep)
