"""KMS public key as PEM for CloudFront: the custom resource Custom::PublicKeyPem.

It returns `Pem`, and `Since`: when the public key was first fetched, in epoch seconds. The key is
trusted moments later, and signs once every CloudFront edge location has it.
"""

import base64
import functools
import textwrap
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from shared.inline_custom_resource import Event, call, reply
from shared.log import disable_debug

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# One attempt of at most 5 s, because a Create is tried again for a minute, with pauses of 5 s. With
# the response to CloudFormation, 47 s, it fits in the function's 180 s timeout.
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})


@functools.cache
def kms() -> "KMSClient":
    """The client of this execution environment."""
    disable_debug()
    return boto3.client("kms", config=_KMS)


def pem(der: bytes) -> str:
    """SubjectPublicKeyInfo as PEM (RFC 7468 section 13)."""
    body = textwrap.fill(base64.b64encode(der).decode(), 64)
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


def handler(event: Event, context: object) -> None:  # noqa: ARG001 - Lambda passes two
    """Lambda entry point."""
    # the time is in the physical ID, so that an update of the resource does not change it
    physical_id = event.get("PhysicalResourceId") or f"pem-{int(time.time())}"

    def act() -> tuple[str, Mapping[str, str]]:
        if event["RequestType"] == "Delete":
            return "done", {}
        key_id = event["ResourceProperties"]["KeyId"]
        key = call("kms:GetPublicKey", kms().get_public_key, KeyId=key_id)
        return "done", {"Pem": pem(key["PublicKey"]), "Since": physical_id.rpartition("-")[2]}

    reply(event, act, physical_id=physical_id)
